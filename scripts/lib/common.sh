# Shared by the scripts beside this folder; sourced, never run.
# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Without a home, as in some containers, root's is meant. rustup puts Rust where a shell finds it only after the next login.
HOME=${HOME:-/root}
PATH=$PATH:$HOME/.cargo/bin
cache=${XDG_CACHE_HOME:-$HOME/.cache}/reader-daemon
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
vpcd_driver=$cache/vpcd/libifdvpcd.so

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# The text of a script's own head: its comment lines from the second to the first that is none.
help_of() { sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$1"; }
