//! Work that runs by itself. Its future is boxed: the browser's machinery around
//! it is then compiled once, and not for every kind of work.

use std::future::Future;
use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

/// Any work that gives a `T`.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A promise of what comes of `work`.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Boxed<'static, Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(work)
}

/// Starts `work`.
pub fn start(work: impl Future<Output = ()> + 'static) {
    let work: Boxed<'static, ()> = Box::pin(work);
    spawn_local(work);
}
