#!/usr/bin/env bash
# Measures dnn beside its peers and prints one table; --write puts it into docs/performance.md, --help lists the rest.
# The peers in Python live in bench/.venv, which is made here: NumPy and JAX (half a gigabyte). PyTorch is measured where
# it is already (--torch-python PYTHON), or with --install-torch is installed too: TORCH_INDEX may name a package index
# that has it for processors alone (.2 GB); the usual one has it with CUDA only (six gigabytes), and it does not start
# without those libraries. What cannot be had is left out, and the table says so.
set -euo pipefail
cd "$(dirname "$0")"
export CGO_ENABLED=0
mkdir -p .build

say() { printf '%s\n' "$*" >&2; }

torch=
for argument; do
  [ "$argument" != --install-torch ] || torch=yes
done

if [ ! -e .venv/ready ] || [ requirements.txt -nt .venv/ready ]; then
  say "making bench/.venv"
  python3 -m venv .venv
  while read -r package; do
    case $package in '' | '#'*) continue ;; esac
    .venv/bin/pip install --quiet --disable-pip-version-check "$package" || say "cannot be had: $package"
  done <requirements.txt
  touch .venv/ready
fi
if [ -n "$torch" ] && [ ! -e .venv/torch ]; then
  say "installing PyTorch"
  .venv/bin/pip install --quiet --disable-pip-version-check ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} torch && touch .venv/torch
fi

say "building"
go build -C .. -trimpath -ldflags='-s -w' -o bench/.build/dnn ./cmd/dnn
go build -o .build/dnn-steps ./peers/dnn
go build -o .build/gonum ./peers/gonum
rm -f .build/gomlx
GOEXPERIMENT=simd go build -C peers/gomlx -o ../../.build/gomlx . || say "cannot be had: GoMLX"

arguments=()
debian=/usr/bin/python3
if [ -x $debian ] && $debian -c 'import torch, numpy' 2>/dev/null; then
  arguments+=(--debian-python $debian)
fi
exec .venv/bin/python -m driver "${arguments[@]}" "$@"
