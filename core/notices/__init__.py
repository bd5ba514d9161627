"""Notices: short messages inside the site that tell people what happened to something of theirs."""
