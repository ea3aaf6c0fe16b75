//! Work that runs by itself. Its future is boxed: the browser's machinery around
//! it is then compiled once, and not for every kind of work.

use std::future::Future;
use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{AbortController, AbortSignal};

use super::error::Rejection;
use super::scope::Outcome;

/// Any work that gives a `T`.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A promise of what comes of `work`.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Boxed<'static, Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(work)
}

/// What comes of work that the package's JavaScript does. It is given an object
/// whose `signal` is aborted when this is dropped: nobody waits for it any more.
pub async fn of_js(work: impl FnOnce(&AbortController) -> Result<Promise, JsValue>) -> Outcome {
    let leash = Leash::new()?;
    let promise = work(&leash.0).map_err(Rejection::of_thrown)?;
    JsFuture::from(promise).await.map_err(Rejection::of_thrown)
}

/// Aborts what is done in JavaScript when it is dropped, which does nothing where
/// that is over.
pub struct Leash(AbortController);

impl Leash {
    /// With nothing at its end yet.
    pub fn new() -> Result<Self, Rejection> {
        AbortController::new()
            .map(Leash)
            .map_err(Rejection::of_thrown)
    }

    /// What it pulls at.
    pub fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // Without a reason, so that what fetch rejects with is a DOMException and
        // no value of the caller's.
        self.0.abort();
    }
}

/// Starts `work`.
pub fn start(work: impl Future<Output = ()> + 'static) {
    let work: Boxed<'static, ()> = Box::pin(work);
    spawn_local(work);
}
