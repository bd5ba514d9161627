"""Word files of documents: the very page that was printed, as an editable document on the same grid.

The finished HTML of a document is what is read, never the data it was made of: so a Word file says what the PDF
says, whatever a rule pack changed in its template, and that of a document issued long ago can be made today.
"""
