# Everything a newcomer needs is `make run`; `make help` lists the rest.
# The Makefile says what depends on what; scripts/ holds how, one idea per file.

NODE_MODULES  := node_modules/.package-lock.json
BPF_OBJECTS   := $(foreach name,src/probe/probe src/probe/probe_untyped examples/forks/forks,$(name)_bpfel.o $(name)_bpfeb.o)
BPF_BINDINGS  := $(BPF_OBJECTS:.o=.ts)
BPF_SOURCES   := $(wildcard bpf/*.c bpf/*.h examples/*/*.bpf.c)
BPF_GENERATOR := $(shell find tools/bpf2ts -name '*.ts')
# Directories count too: removing a source changes its directory, and the program is then compiled anew.
TS_SOURCES    := $(shell find src tools -type d -o -name '*.ts')

.DEFAULT_GOAL := help
# The order of prerequisites below is meant: packages first, and "is it in sync?" before generating.
.NOTPARALLEL:
.DELETE_ON_ERROR:

.PHONY: help
help: ## show this list (also: plain `make`)
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

.PHONY: run
run: build ## install what is missing, build, and start the monitor: make run ARGS="-d 100"
	@scripts/as-root.sh ./ebpf-bootstrap $(ARGS)

.PHONY: test
test: setup-test check-generated build lint ## install what is missing, build, and run every check and test
	@scripts/test.sh

.PHONY: test-kernels
test-kernels: build ## run the kernel tests on other kernels, in emulated machines: make test-kernels ARGS="amd64-5.10"
	@scripts/test-kernels.sh $(ARGS)

.PHONY: bench
bench: setup-test build ## measure the monitor against its peers: make bench ARGS="--help"
	@scripts/bench.sh $(ARGS)

.PHONY: build
build: setup-build build/compiled ## compile to dist/ and write ./ebpf-bootstrap
	@scripts/launcher.sh

.PHONY: generate
generate: setup-build $(BPF_OBJECTS) ## compile the BPF programs, and write their TypeScript bindings

.PHONY: check-generated
check-generated: setup-build $(NODE_MODULES) ## fail if generated TypeScript does not match the BPF sources
	@scripts/check-generated.sh

.PHONY: lint
lint: setup-lint $(NODE_MODULES) ## check types, code and formatting
	@scripts/lint.sh

.PHONY: format
format: setup-lint $(NODE_MODULES) ## format every file in place
	@scripts/format.sh

.PHONY: clean
clean: ## remove everything that was built (node_modules stays)
	@rm -rf build dist ebpf-bootstrap $(BPF_OBJECTS)

# Which packages belong to which set: scripts/packages.table
.PHONY: check-node setup-build setup-lint setup-test
check-node:
	@scripts/check-node.sh
setup-build:
	@scripts/setup.sh build
setup-lint:
	@scripts/setup.sh lint
setup-test:
	@scripts/setup.sh build lint test

$(NODE_MODULES): package.json package-lock.json | check-node
	@scripts/npm-ci.sh

# bpf2ts leaves a file alone whose content is right, so the time is set here. Bindings that are newer or missing were
# changed by somebody else: they are written again.
$(BPF_BINDINGS): ;
$(BPF_OBJECTS) &: $(BPF_SOURCES) $(BPF_BINDINGS) $(BPF_GENERATOR) scripts/generate.sh $(NODE_MODULES) | setup-build
	@echo "==> Compiling the BPF programs" >&2
	@scripts/generate.sh
	@touch $(BPF_OBJECTS)

build/compiled: $(TS_SOURCES) $(BPF_OBJECTS) scripts/compile.sh scripts/bundle.ts package.json tsconfig.json tsconfig.build.json $(NODE_MODULES)
	@scripts/compile.sh
	@mkdir -p build && touch $@
