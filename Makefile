# What a person types here. `make` alone shows it. Everything needs Go and git
# only, except lint's first run (fetches one pinned tool) and e2e (installs what
# it compares with).

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

# No paths of this machine in the program, no tables for debuggers: it is
# smaller, starts sooner and is the same bytes wherever it is built.
BUILD   := CGO_ENABLED=0 $(GO) build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$(VERSION)"

# The floors that must also build for a browser: they take bytes or an fs.FS and
# know no disk, process, network or clock. pkg/archtest holds this list to its own.
PURE    := schemas examples pkg/date pkg/ids pkg/diag pkg/cores pkg/form pkg/learner pkg/yamldoc pkg/diagfmt pkg/sheet pkg/pathway pkg/cost pkg/wording pkg/recordfile pkg/seal pkg/folder pkg/exchange pkg/gate pkg/rules pkg/census pkg/report pkg/merge

SYSTEMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

# The tests make many thousand small files and wait for each to reach the disk: in memory
# they take half the time. Where there is no room there, or nothing may run, it is the disk.
IN_MEMORY = shm=$$(mktemp -d /dev/shm/sendctl.XXXXXX 2>/dev/null) && trap 'rm -rf "$$shm"' EXIT && \
  [ "$$(df -Pk "$$shm" | awk 'NR == 2 {print $$4}')" -gt 2000000 ] && \
  printf '\#!/bin/sh\n' > "$$shm/may-run" && chmod +x "$$shm/may-run" && "$$shm/may-run" && export TMPDIR="$$shm" || true

.PHONY: help
help: ## show this
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/sendctl
	@mkdir -p bin
	$(BUILD) -o bin/sendctl ./cmd/sendctl

.PHONY: demo
demo: build ## build the made-up school into ./demo and say what to try
	@if [ -e demo ]; then \
	  grep -qs '^demonstration:' demo/sendctl.yaml || { echo "./demo is not a made-up school: move it somewhere else first" >&2; exit 1; }; \
	  rm -rf demo; \
	fi
	bin/sendctl demo demo
	@echo
	@echo "Look round in the made-up school:"
	@echo "  bin/sendctl -C demo list          who is there"
	@echo "  bin/sendctl -C demo due           what is owed, and when"
	@echo "  bin/sendctl -C demo show Jude     one learner"
	@echo "  bin/sendctl -C demo next Jude     where he is, what is missing, where to turn"
	@echo "  bin/sendctl -C demo log Jude      how it came about"
	@echo "  bin/sendctl -C demo validate      is every file sound?"
	@echo "  bin/sendctl -C demo audit verify  was anything changed after it was recorded?"
	@echo "  bin/sendctl -C demo diff Jude     what changed between two reviews"
	@echo "  bin/sendctl -C demo request Kai   a request, its time limits, its decision"
	@echo "  bin/sendctl -C demo review Jude   review his plan, one question at a time"

.PHONY: test
test: ## run every test that needs only Go and git
	@$(IN_MEMORY); $(GO) test ./...

.PHONY: race
race: ## what works at several things at once, looking for races (needs a C compiler)
	# The pure floors start nothing that runs beside them; make test has them.
	@$(IN_MEMORY); CGO_ENABLED=1 $(GO) test -race $$($(GO) list ./... | grep -vxF -f <(printf 'github.com/sendctl/sendctl/%s\n' $(PURE) pkg/audit pkg/cli))
	# Most scripts and attacks are whole commands that race with nobody: some stand for all.
	@$(IN_MEMORY); CGO_ENABLED=1 $(GO) test -race -run 'TestSoak$$|TestSync|TestStop|TestScripts/(sync|review|validate.*)$$' ./pkg/cli
	@$(IN_MEMORY); CGO_ENABLED=1 $(GO) test -race -run 'TestHonestReset|TestDiffering|Checkpoint|Proof' ./pkg/audit

.PHONY: lint
lint: ## gofmt, go vet, staticcheck (pinned in .ci/tools.mod)
	@unformatted=$$(gofmt -l cmd pkg schemas examples); \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w):" >&2; echo "$$unformatted" >&2; exit 1; fi
	$(GO) vet ./...
	$(GO) tool -modfile=.ci/tools.mod staticcheck ./...

.PHONY: wasm
wasm: ## build the pure floors for a browser
	GOOS=js GOARCH=wasm $(GO) build $(addprefix ./,$(PURE))

.PHONY: cross
cross: ## build for every system we promise
	@for s in $(SYSTEMS); do \
	  echo "$$s"; \
	  CGO_ENABLED=0 GOOS=$${s%/*} GOARCH=$${s#*/} $(GO) build -buildvcs=false ./...; \
	done

.PHONY: e2e
e2e: build ## compare with PyYAML, js-yaml, ajv, real terminals (installs them)
	testdata/e2e/run.sh

.PHONY: bench
bench: ## measure beside git, on record folders of up to 10,000 learners
	testdata/bench/run.sh

.PHONY: clean
clean: ## remove what was built; never a record folder
	rm -rf bin dist .cache
