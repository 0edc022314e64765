# Everything one does here. `make` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help tools test-tools run test check soak bench lighthouse release
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: tools ## build, and serve the demo workspace on http://127.0.0.1:3000
	cargo leptos build
	exec target/debug/handshake serve --demo

test: tools test-tools ## everything: lints, rules, stories on both engines, the browser
	cargo fmt --check
	scripts/sqlite-migrations --check
	scripts/reference-figures | cmp - src/kpis/reference.json
	cargo clippy --locked --features ssr --all-targets -- -D warnings
	cargo clippy --locked --lib --features hydrate --target wasm32-unknown-unknown -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --features ssr --no-deps --document-private-items
	cargo machete
	cargo deny --log-level error check bans licenses sources
	scripts/with-postgres cargo test --locked --features ssr
	cargo leptos build
	scripts/with-postgres scripts/survives-kill 20
	cd end2end && npx playwright test

check: ## fast: format, lints, unit tests of the rules
	cargo fmt --check
	scripts/sqlite-migrations --check
	scripts/reference-figures | cmp - src/kpis/reference.json
	cargo clippy --locked --features ssr -- -D warnings
	cargo clippy --locked --lib --features hydrate --target wasm32-unknown-unknown -- -D warnings
	cargo test --locked --features ssr --lib -- --skip on_sqlite --skip on_postgres --skip both_schemas

soak: release ## long: thirty minutes of load on the release binary, 200 kills on SQLite, 20 on PostgreSQL
	scripts/soak 30
	scripts/with-postgres scripts/survives-kill 200 20 release

bench: release ## measure: throughput, latency, bytes, memory, cold start
	scripts/with-postgres scripts/bench

lighthouse: release test-tools ## measure: Lighthouse over sign-in and overview
	scripts/lighthouse

release: tools ## the self-contained binary at target/release/handshake
	cargo leptos build --release --precompress
	@ls -lh target/release/handshake

tools: ## install what building needs and is missing
	@scripts/install-tools

test-tools: ## install what testing needs and is missing
	@scripts/install-test-tools
