//! Native tests of the core, in one program, so that it is linked once.
#![cfg(not(target_arch = "wasm32"))]

mod activity;
mod allocation;
mod audio;
mod classify;
mod downmix;
#[path = "../fixtures/files.rs"]
mod files;
mod http_date;
mod import_cycles;
mod js_contract;
mod malformed_files;
mod mp3;
mod mp3_streams;
mod options;
mod outbox;
mod peaks;
mod quality;
mod quantize;
mod references;
mod request;
mod resample;
#[path = "../support/responses.rs"]
mod responses;
mod retry;
mod retry_decision;
mod rooms;
mod scenes;
#[path = "../support/speech.rs"]
mod speech;
mod speech_end;
mod speech_search;
mod split;
