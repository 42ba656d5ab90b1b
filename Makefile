# Thaw: make run, make test, make install. See README.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PREFIX ?= /usr/local
THAW_CACHE ?= /var/cache/thaw
THAW_XTDB1 ?= $(abspath ../shared/xtdb1)
export THAW_CACHE THAW_XTDB1

STATIC := -c release -Xswiftc -static-executable -Xswiftc -use-ld=lld -Xswiftc -Osize \
	-Xlinker -s -Xlinker --gc-sections -Xlinker --icf=all \
	-Xlinker -T$(abspath Setup/no-unwinding.ld)
THAW := .build/release/thaw
BUNDLE := $(THAW_CACHE)/bundle
LEDGER := oci:$(THAW_CACHE)/ledger:latest

.PHONY: help run build bundle launcher image test lint install uninstall clean

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: build image ## Set all up, freeze the sample, thaw it, and leave it serving on 127.0.0.1
	@Setup/demonstrate.sh $(THAW) $(LEDGER)

build: packages launcher ## Build thaw as one static executable
	@Setup/check-swift.sh
	@swift build --product thaw $(STATIC)

.PHONY: packages
packages:
	@Setup/packages.sh build

bundle: packages ## Make the bundle of CRIU, runc, skopeo and umoci
	@Setup/bundle.sh $(BUNDLE)

launcher: bundle ## Compile the launcher of the warm tier into the bundle
	@Setup/launcher.sh $(BUNDLE)

image: bundle ## Build the sample's base image
	@Examples/ledger/image.sh

test: build image ## Install what the tests need and run all of them
	@Setup/packages.sh test
	@for tree in testbed jdks engines; do Setup/tree.sh $$tree; done
	@if [ -d "$(THAW_XTDB1)/lib" ]; then Examples/xtdb1/image.sh; fi
	@Setup/kubernetes-validate.sh
	@swift build --build-tests
	@THAW_BUNDLE=$(BUNDLE) THAW_EXECUTABLE=$(abspath $(THAW)) THAW_LEDGER_IMAGE=$(THAW_CACHE)/ledger \
		THAW_XTDB1_IMAGE=$(THAW_CACHE)/xtdb1 \
		THAW_TEST_TREE=$(THAW_CACHE)/testbed THAW_ENGINES=$(THAW_CACHE)/engines Setup/run-tests.sh

lint: ## Check the format of the Swift sources and the shell scripts
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests
	@shellcheck build-with-criu.sh Setup/*.sh Benchmarks/*.sh Examples/*/*.sh .ci/run .ci/startup

install: build ## Install below PREFIX, /usr/local unless told
	@Setup/install.sh $(THAW) "$(PREFIX)"

uninstall: ## Remove what install put below PREFIX
	@Setup/uninstall.sh "$(PREFIX)"

clean: ## Remove what was built here; caches below $(THAW_CACHE) stay
	@rm -rf .build
