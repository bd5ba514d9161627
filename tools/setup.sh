# shellcheck shell=sh
# shellcheck disable=SC2015,SC2086,SC2116,SC2154  # package lists are split on purpose; the launcher sets the rest
# Sets Yaoqing up: Python, libraries, packages, fonts, test tools. Read by the launcher ../yaoqing, whose variables
# ($project, $venv, $python, $fonts, $log …) and words (say, die, have) it uses.
#
# Nothing half-done is ever taken for finished: a stamp inside .venv is written last; the former .venv steps aside as
# .venv.old and returns if the new one fails; only one set-up runs at a time.

wheelhouse=$project/wheelhouse
mutex=$project/var/setup.lock
done_steps=0
steps=4
step() { done_steps=$((done_steps + 1)) && say "[$done_steps/$steps] $*"; }

stamp() {
    identity "$2" >"$venv/stamp-$1.new" && mv "$venv/stamp-$1.new" "$venv/stamp-$1" ||
        die "无法写入 ${venv}：请确认磁盘有空间且目录可写，再执行 ./yaoqing setup。"
}

# ---- one set-up at a time, in a folder we may write ---------------------------------------------------------------

begin() {
    { mkdir -p "$project/var" && [ -w "$project" ] && (: >>"$log" && : >>"$mutex"); } 2>/dev/null ||
        die "项目目录 $project 不可写，无法安装：请执行 cp -r '$project' ~/yaoqing 复制一份，再运行 ~/yaoqing/yaoqing。"
    trap undo EXIT
    trap 'exit 129' HUP
    trap 'say 已中断，未装完的部分已撤销。; exit 130' INT
    trap 'exit 143' TERM
    exec 9>"$mutex"
    # The kernel drops this lock when the last holder ends, also after kill -9. Systems without flock(1) go without.
    if have flock && ! flock -n 9; then
        say "另一个安装正在进行，等它完成……"
        flock 9
    fi
    : >"$log"
}

finish() {
    trap - EXIT HUP INT TERM
    exec 9>&-
}

building=no
scratch=
undo() {
    [ -z "$scratch" ] || rm -rf -- "$scratch"
    [ "$building" = yes ] || return 0
    rm -rf -- "$venv"
    [ ! -d "$venv.old" ] || mv -- "$venv.old" "$venv"
}

# ---- system packages ----------------------------------------------------------------------------------------------

is_root() { [ "$(id -u)" -eq 0 ]; }
may_install() { have apt-get && { is_root || { have sudo && sudo -n true 2>/dev/null; }; }; }

apt_get() {
    set -- env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confold "$@"
    is_root || set -- sudo -n "$@"
    # A service started by a package must not keep our lock: it gets no descriptor 9.
    "$@" </dev/null >>"$log" 2>&1 9>&-
}

# Package lists are fetched only when installing without them fails: missing or out of date.
apt_install() {
    apt_get install --no-install-recommends "$@" ||
        { apt_get update && apt_get install --no-install-recommends "$@"; }
}

# The words that cure missing packages on this system.
cure() {
    if ! have apt-get; then
        printf '请用本系统的软件包管理器安装 %s（此为 Debian 中的名称）' "$*"
        return
    fi
    sudo=$(is_root || echo 'sudo ')
    if may_install; then
        printf '请检查网络和 apt 软件源（详情见 %s），执行 %sapt-get update && ' "$log" "$sudo"
    else
        printf '请执行 '
    fi
    printf '%sapt-get install -y %s' "$sudo" "$*"
}

# ---- 1. Python ----------------------------------------------------------------------------------------------------

# Prints "ok PATH", "old VERSION" or "bare VERSION MODULES" (Debian ships Python without ensurepip).
judge_python='
import importlib, os, sys
version = "%d.%d.%d" % sys.version_info[:3]
def absent(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return True
lacking = [name for name in ("venv", "ensurepip", "ctypes", "sqlite3", "ssl", "zlib") if absent(name)]
if sys.version_info < (3, 11):
    print("old", version)
elif lacking:
    print("bare", version, "/".join(lacking))
else:
    print("ok", os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
'

interpreter=
refusal=
look_for_python() {
    refusal=
    if [ -n "${YAOQING_PYTHON:-}" ]; then
        set -- "$YAOQING_PYTHON"
    else
        set -- python3.13 python3.12 python3.11 python3.14 python3
    fi
    for candidate; do
        have "$candidate" || continue
        verdict=$("$candidate" -I -c "$judge_python" 2>/dev/null) || continue
        case $verdict in
        "ok "*) interpreter=${verdict#ok } && return 0 ;;
        "bare "*) refusal=$verdict ;;
        *) : "${refusal:=$verdict}" ;;
        esac
    done
    return 1
}

find_python() {
    step "正在查找 Python……"
    look_for_python && return
    if [ -n "${YAOQING_PYTHON:-}" ]; then
        die "YAOQING_PYTHON 指定的 $YAOQING_PYTHON 不能用（需要 Python 3.11 或更高版本，含 venv 模块）：请执行 unset YAOQING_PYTHON，或改指别的 Python。"
    fi
    if may_install; then
        say "      安装系统软件包：python3 python3-venv"
        apt_install python3 python3-venv
        look_for_python && return
    fi
    set -- $refusal
    case ${1:-none} in
    bare) die "Python $2 缺少 $3 模块：$(cure python3 python3-venv)，然后重试。" ;;
    old) die "需要 Python 3.11 或更高版本，而本机只有 $2：$(cure python3 python3-venv)，然后重试；系统自带版本过低的，另装后用 YAOQING_PYTHON=路径 指定。" ;;
    *) die "没有找到 Python 3.11 或更高版本：$(cure python3 python3-venv)，然后重试。" ;;
    esac
}

# ---- 2. libraries that draw documents -----------------------------------------------------------------------------

# Prints the Debian packages whose library cannot be loaded.
absent_libraries() {
    "${interpreter:-$python}" -I -c '
import ctypes, sys
for library, package in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
' "$@"
}

survey() {
    required=$(absent_libraries libpango-1.0.so.0 libpango-1.0-0 libpangoft2-1.0.so.0 libpangoft2-1.0-0)
    # Not needed to run: subsetting fonts is much slower without the first, rare characters need the third and,
    # to stand well among Fangsong and Kai, the fourth, digits and Latin letters the fifth (its widths are those of
    # Times New Roman).
    optional=$(absent_libraries libharfbuzz-subset.so.0 libharfbuzz-subset0)
    have fc-match || optional="$optional fontconfig"
    fc-list 2>/dev/null | grep -q 'Noto.*CJK' || optional="$optional fonts-noto-cjk"
    fc-list 2>/dev/null | grep -q 'AR PL UKai' || optional="$optional fonts-arphic-ukai"
    fc-list 2>/dev/null | grep -qE 'Times New Roman|Liberation Serif|Tinos|TeX Gyre Termes' ||
        optional="$optional fonts-liberation"
    # pip may need the system's certificates to talk to a mirror inside an organisation.
    if have apt-get && [ ! -s /etc/ssl/certs/ca-certificates.crt ]; then optional="$optional ca-certificates"; fi
    absent=$(echo $required $optional)
}

system_parts() {
    step "正在检查排版组件……"
    survey
    [ -n "$absent" ] || return 0
    if may_install; then
        say "      安装系统软件包：$absent"
        apt_install $absent || { [ -n "$required" ] && apt_install $required; }
        survey
    fi
    [ -z "$required" ] || die "缺少生成公文所需的系统组件：$(cure $absent)，然后重试。"
    [ -z "$absent" ] || say "提示：缺少 ${absent}，生成公文会变慢，或缺少生僻字、西文字体；要补齐，$(cure $absent)。"
}

# ---- 3. Python packages -------------------------------------------------------------------------------------------

pip() { PIP_USER=0 "$python" -I -X utf8 -m pip --disable-pip-version-check --no-input "$@" </dev/null >>"$log" 2>&1; }

install_locked() {
    pip install --require-hashes --only-binary :all: --no-warn-script-location "$@" || explain_pip
}

# pip's many lines in one sentence.
explain_pip() {
    if grep -qi 'No space left on device\|Disk quota exceeded' "$log"; then
        die "磁盘空间不足，软件包没有装上：请执行 df -h '$project' 查看并腾出至少 500 MB 后重试。"
    elif [ -d "$wheelhouse" ] && grep -q 'No matching distribution\|DO NOT MATCH THE HASHES' "$log"; then
        die "wheelhouse 目录中的软件包不全、被改动过或不适用于本机的 Python：请在联网的机器上重新执行 ./yaoqing bundle 后拷来（详情见 ${log}）。"
    elif grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        die "下载到的软件包与锁定的校验值不符，未予安装：请改用可信的软件源，执行 PIP_INDEX_URL=镜像地址 ./yaoqing setup（详情见 ${log}）。"
    elif grep -qi 'No matching distribution\|connection\|timed out\|name resolution\|unreachable' "$log"; then
        die "无法下载 Python 软件包：请检查网络，或用镜像执行 PIP_INDEX_URL=镜像地址 ./yaoqing setup，或在联网的机器上执行 ./yaoqing bundle 后把 wheelhouse 目录拷来（详情见 ${log}）。"
    else
        die "Python 软件包没有装上：请执行 tail -n 30 '$log' 查看原因，解决后重试。"
    fi
}

build_venv() {
    if [ -d "$venv.old" ]; then
        # An earlier rebuild was killed before it could put things back.
        if [ -s "$venv/stamp-base" ]; then rm -rf -- "$venv.old"; else rm -rf -- "$venv" && mv -- "$venv.old" "$venv"; fi
        if has_base && [ ! -e "$venv/dev-unfinished" ]; then return; fi
    fi
    building=yes
    if [ -s "$venv/stamp-base" ]; then mv -- "$venv" "$venv.old"; else rm -rf -- "$venv"; fi
    "$interpreter" -m venv "$venv" >>"$log" 2>&1 ||
        die "无法创建 Python 环境 ${venv}：请执行 tail -n 30 '$log' 查看原因，解决后重试。"
    echo '*' >"$venv/.gitignore"
    set -- -r "$lock_base"
    [ ! -d "$wheelhouse" ] || set -- --no-index --find-links "$wheelhouse" "$@"
    install_locked "$@"
    "$python" -I -c 'import weasyprint' >>"$log" 2>&1 ||
        die "排版组件装上后仍不能用：请执行 tail -n 30 '$log' 查看原因，解决后重试。"
    stamp base "$lock_base"
    building=no
    rm -rf -- "$venv.old"
}

packages() {
    step "正在准备 Python 软件包（首次约半分钟）……"
    has_base || build_venv
}

# ---- 4. document fonts --------------------------------------------------------------------------------------------

download_fandol() { (cd "$scratch" && apt-get -q download texlive-lang-chinese </dev/null >>"$log" 2>&1); }

# The free faces of official documents come inside a large TeX package; only they are kept, with their licence.
fetch_fonts() {
    rm -rf -- "$fonts"/.fetch.*
    mkdir -p "$fonts" && scratch=$(mktemp -d "$fonts/.fetch.XXXXXX") || return 1
    if [ -d "$wheelhouse/fonts" ]; then
        cp "$wheelhouse/fonts/"* "$scratch"
    else
        have apt-get && have dpkg-deb || return 1
        download_fandol || { may_install && apt_get update && download_fandol; } || return 1
        dpkg-deb --fsys-tarfile "$scratch"/*.deb | tar -x -f - -C "$scratch" --transform='s,.*/,,' --wildcards \
            '*/fandol/Fandol[FHKS]*.otf' '*/fandol/README' '*/fandol/COPYING*' || return 1
        gzip -d "$scratch/COPYING.gz"
        for text in README COPYING; do mv -- "$scratch/$text" "$scratch/Fandol-$text"; done
    fi
    rm -f -- "$scratch"/*.deb
    mv -- "$scratch"/* "$fonts/"
    has_fonts
}

document_fonts() {
    step "正在准备公文字体（首次约下载 50 MB）……"
    has_fonts && return
    fetch_fonts 2>>"$log" || say "提示：未能取得公文字体 Fandol，公文暂用系统已有的中文字体，联网后执行 ./yaoqing setup 即可补齐。"
    rm -rf -- "$scratch"
    scratch=
}

# ---- test tools ---------------------------------------------------------------------------------------------------

# Test tools share the environment and never change a run-time package (both locks agree), so a failure here leaves
# the commands usable. A killed pip may leave a package that only looks installed: then everything is rebuilt.
test_tools() {
    step "正在准备测试工具……"
    has_dev && return
    [ ! -e "$venv/dev-unfinished" ] || build_venv
    : >"$venv/dev-unfinished"
    set -- -r "$lock_dev"
    [ ! -d "$wheelhouse" ] || set -- --find-links "$wheelhouse" "$@"
    install_locked "$@"
    rm -f -- "$venv/dev-unfinished"
    stamp dev "$lock_dev"
}

# Chromium, the one library beyond the base system that the program driving it needs, and the checker of PDF files.
test_programs() {
    step "正在检查浏览器和 qpdf……"
    absent=$(absent_libraries libatomic.so.1 libatomic1)
    have qpdf || absent="qpdf $absent"
    have chromium || absent="chromium $absent"
    [ -n "$absent" ] || return 0
    if may_install; then
        say "      安装系统软件包：$absent"
        apt_install $absent && return
    fi
    say "提示：缺少 ${absent}，需要它的测试无法运行；要补齐，$(cure $absent)。"
}

# ---- the whole -----------------------------------------------------------------------------------------------------

set_up() {
    find_python
    system_parts
    packages
    document_fonts
    stamp ready "$lock_base"
}

# Everything a command needs; with "repair" all of it is looked at again although the stamp says it is there.
prepare() {
    begin
    if [ "${1:-}" = repair ] || ! is_ready; then set_up; fi
    finish
}

# The same and the test tools; a missing browser alone does not send people through the whole again.
prepare_tests() {
    steps=6
    begin
    if [ "${1:-}" = repair ] || ! is_ready || ! has_dev; then
        set_up
        test_programs
        test_tools
    else
        done_steps=5
        test_programs
    fi
    finish
}

bundle() {
    begin
    steps=2
    find_python
    step "正在下载 Python 软件包到 wheelhouse 目录……"
    scratch=$wheelhouse.partial
    rm -rf -- "$scratch"
    mkdir "$scratch" || die "无法创建 ${scratch}：请确认磁盘有空间且目录可写。"
    # Several runs for several platforms add up, as long as the lock is the same.
    if cmp -s "$lock_base" "$wheelhouse/requirements.lock"; then cp -R "$wheelhouse/." "$scratch"; fi
    "$interpreter" -m venv "$scratch/.pip" >>"$log" 2>&1 || die "无法创建 Python 环境：请执行 tail -n 30 '$log' 查看原因。"
    python=$scratch/.pip/bin/python
    pip download --require-hashes --only-binary :all: -r "$lock_base" -d "$scratch" "$@" || explain_pip
    rm -rf -- "$scratch/.pip"
    cp "$lock_base" "$scratch/requirements.lock"
    if has_fonts; then mkdir -p "$scratch/fonts" && cp "$fonts"/Fandol* "$scratch/fonts/"; fi
    (cd "$scratch" && find . -type f ! -name SHA256SUMS -exec sha256sum {} +) >"$scratch/SHA256SUMS"
    rm -rf -- "$wheelhouse"
    mv -- "$scratch" "$wheelhouse"
    scratch=
    finish
    say "已备好 $(find "$wheelhouse" -name '*.whl' | wc -l) 个软件包（$(du -sh "$wheelhouse" | cut -f 1)）：把整个项目目录拷到内网服务器，执行 ./yaoqing setup 即可。"
}
