//! The `wasm-bindgen-test-runner` of exactly the version in Cargo.lock.
//!
//! `cargo xtask test` builds this and names it as cargo's runner for wasm32,
//! so that nobody has to install a matching `wasm-bindgen-cli` by hand.

use std::env;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Where the server listens, if not just anywhere.
const ADDRESS: &str = "WASM_BINDGEN_TEST_ADDRESS";
/// As many threads has the server at first.
const THREADS: usize = 4;
/// How long a thread may take to see that it has a connection.
const PAUSE: Duration = Duration::from_millis(50);

fn main() -> anyhow::Result<()> {
    if env::var_os(ADDRESS).is_none() {
        let address = free_address()?;
        // SAFETY: no other thread runs yet.
        #[allow(unsafe_code)]
        unsafe {
            env::set_var(ADDRESS, address.to_string());
        }
        thread::spawn(move || occupy(address));
    }
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(env::args_os())
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// Holds a connection for each of the server's threads. It (tiny_http 0.12) miscounts
/// those that are free when several connections come at once, and then lets one of them
/// wait for ever; a browser that loads a dozen scripts makes six. With no thread free it
/// starts one for each.
fn occupy(address: SocketAddr) {
    let mut held = Vec::new();
    while held.len() < THREADS {
        thread::sleep(PAUSE);
        held.extend(TcpStream::connect(address));
    }
    thread::park();
}
