//! The `wasm-bindgen-test-runner` of exactly the version in Cargo.lock.
//!
//! `cargo xtask test` builds this and names it as cargo's runner for wasm32,
//! so that nobody has to install a matching `wasm-bindgen-cli` by hand.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
