#!/usr/bin/env bash
# cargo-insta settles the snapshots that Ringback writes, and Ringback reads what cargo-insta has accepted. A stub crate is all
# that cargo-insta asks for. Called as: cargo_insta.sh RINGBACK FOLDER_OF_CARGO_INSTA
set -euo pipefail
ringback=$(realpath "$1")
PATH="$(realpath "$2"):$PATH"
unset CI

crate=$(mktemp -d)
trap 'rm -rf "$crate"' EXIT
cd "$crate"
mkdir src
touch src/lib.rs
printf '[package]\nname = "receiver"\nversion = "0.0.0"\nedition = "2021"\n' >Cargo.toml

fail() {
  echo "cargo_insta.sh: $*" >&2
  exit 1
}
take() { "$ringback" run outbound-answered transfer --vendor udesk --snapshots snapshots --quiet >out 2>&1; }

take && fail "what is new does not wait"
[ "$(ls snapshots)" = "$(printf 'outbound-answered@udesk.snap.new\ntransfer@udesk.snap.new')" ] || fail "$(ls snapshots)"

# Listed, shown and accepted by the other tool.
cargo insta pending-snapshots >listed
grep -q 'outbound-answered@udesk.snap' listed || fail "not listed: $(cat listed)"
cargo insta accept --snapshot snapshots/outbound-answered@udesk.snap >/dev/null 2>&1
[ -f snapshots/outbound-answered@udesk.snap ] || fail "not accepted: $(ls snapshots)"
cargo insta accept >/dev/null 2>&1
[ "$(ls snapshots)" = "$(printf 'outbound-answered@udesk.snap\ntransfer@udesk.snap')" ] || fail "$(ls snapshots)"
take || fail "what cargo-insta has accepted does not hold: $(cat out)"

# A difference, looked at by hand in the other tool: `a` accepts.
sed -i 's/"message":"ok"/"message":"OK"/' snapshots/transfer@udesk.snap
take && fail "a difference is not seen"
script -qec "cargo insta review" /dev/null <<<"a" >reviewed 2>&1 || true
grep -q 'ringback run transfer --vendor udesk' reviewed || fail "the command is not shown: $(cat reviewed)"
[ ! -e snapshots/transfer@udesk.snap.new ] || fail "not reviewed: $(cat reviewed)"
take || fail "what was reviewed does not hold: $(cat out)"

# And rejected.
sed -i 's/"message":"ok"/"message":"OK"/' snapshots/transfer@udesk.snap
take && fail "a difference is not seen"
cargo insta reject >/dev/null 2>&1
[ ! -e snapshots/transfer@udesk.snap.new ] || fail "not rejected"
echo "cargo-insta and Ringback read each other's snapshots"
