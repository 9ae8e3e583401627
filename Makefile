# `make` alone lists the targets.
.DEFAULT_GOAL := help
export CGO_ENABLED := 0

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the program as ./dnn
	go build -trimpath -ldflags='-s -w' -o dnn ./cmd/dnn

test: ## run the tests
	go test ./...

test-arm64: ## run the tests of the kernels as on arm64, under qemu-user
	bash .ci/arm64

test-accel: ## run the tests of the engine for accelerators on XLA's plugin for processors, which pip fetches (63 MB)
	bash .ci/accel

test-mpi: ## run the tests of several ranks with MPICH and Open MPI, which pip fetches (60 MB)
	bash .ci/mpi

test-long: ## run the tests that take minutes: all specs on all data, other processors under emulation
	go test -tags long -timeout 60m ./...

bench: ## run the benchmarks of ops and kernels
	go test -run '^$$' -bench . ./internal/kernel/... ./pkg/graph/...

bench-peers: ## measure dnn beside PyTorch, JAX, OpenBLAS and others, into docs/performance.md (15 minutes)
	bash bench/peers.sh --write

bench-drafts: build ## train what dnn init drafts, with three seeds for each set of data in the folder DATA (10 minutes)
	cd bench && go run ./drafts -dnn ../dnn -data "$(abspath $(DATA))"

generate: ## make the reference of all kinds and the assembly anew
	go generate ./...

check: ## everything that a change must pass
	bash .ci/run

clean: ## remove what was built and trained here
	rm -rf dnn runs

.PHONY: help build test test-arm64 test-accel test-mpi test-long bench bench-peers bench-drafts generate check clean
