//! Work that runs by itself. Its future is boxed: the browser's machinery around
//! it is then compiled once, and not for every kind of work.

use std::future::Future;
use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::AbortController;

use crate::browser::cancellation::Outcome;
use crate::browser::error::Rejection;

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
    let controller = AbortController::new().map_err(Rejection::of_thrown)?;
    let promise = work(&controller).map_err(Rejection::of_thrown)?;
    let abort_on_drop = AbortOnDrop::of(controller);
    let outcome = JsFuture::from(promise).await;
    abort_on_drop.release();
    outcome.map_err(Rejection::of_thrown)
}

/// Aborts what is done in JavaScript when it is dropped, unless that is over.
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// For what heeds the signal of `controller`.
    pub fn of(controller: AbortController) -> Self {
        AbortOnDrop(Some(controller))
    }

    /// That is over: whoever looks at the signal later is to find it as it was.
    pub fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            // Without a reason, so that what fetch rejects with is a DOMException
            // and no value of the caller's.
            controller.abort();
        }
    }
}

/// Starts `work`.
pub fn start(work: impl Future<Output = ()> + 'static) {
    let work: Boxed<'static, ()> = Box::pin(work);
    spawn_local(work);
}
