//! The `wasm-bindgen-test-runner` of exactly the version in Cargo.lock.
//!
//! `cargo xtask test` builds it and sets it as cargo's runner for wasm32, so that no
//! `wasm-bindgen-cli` of the same version has to be installed.

use std::env;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// The variable with the address on which the runner's server listens.
const ADDRESS: &str = "WASM_BINDGEN_TEST_ADDRESS";
/// The number of threads that the server starts with.
const THREADS: usize = 4;
/// The time between two connections, in which a thread accepts the earlier one.
const PAUSE: Duration = Duration::from_millis(50);

fn main() -> anyhow::Result<()> {
    if env::var_os(ADDRESS).is_none() {
        let address = free_address()?;
        // SAFETY: no other thread runs yet.
        #[allow(unsafe_code)]
        unsafe {
            env::set_var(ADDRESS, address.to_string());
        }
        thread::spawn(move || occupy_threads(address));
    }
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(env::args_os())
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// Holds a connection for each of the server's initial threads, so that it starts a new thread for
/// every connection of the browser.
///
/// tiny_http 0.12 miscounts its free threads if several connections arrive at once, and then never
/// serves one of them. A browser that loads a dozen scripts opens six.
fn occupy_threads(address: SocketAddr) {
    let mut held = Vec::new();
    while held.len() < THREADS {
        thread::sleep(PAUSE);
        held.extend(TcpStream::connect(address));
    }
    thread::park();
}
