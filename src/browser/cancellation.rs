//! How a piece of work ends early: by the caller's signal, by its deadline, or
//! because the client is disposed of.
//!
//! Whatever a scope guards is dropped the moment it is stopped, and with it
//! every timer, listener and request that the work holds.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

use crate::browser::clock::{alarm, monotonic_ms};
use crate::browser::error::Rejection;
use crate::browser::js::promise::Boxed;
use crate::core::catalogue::Class;
use crate::core::error::failure::Failure;
use crate::core::text::{digits, joined};

#[derive(Default)]
struct State {
    stopped: Option<Rejection>,
    waker: Option<Waker>,
}

impl State {
    fn stop(state: &RefCell<State>, why: Rejection) {
        let waker = {
            let mut state = state.borrow_mut();
            if state.stopped.is_some() {
                return;
            }
            state.stopped = Some(why);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

const DEADLINE_PASSED: &str = "the call was not done within its deadline of ";

/// What every step of a call comes to. One type for all of them, so that what
/// watches over a step is compiled once.
pub type Outcome = Result<JsValue, Rejection>;

/// What ends a step when its time has come, and how.
pub type Timeout = Boxed<'static, Rejection>;

/// The work of one call.
pub struct Scope {
    state: Rc<RefCell<State>>,
    _listener: Option<AbortListener>,
    began_ms: f64,
    deadline_ms: Option<f64>,
    /// Goes off at the deadline; watched by whatever is guarded.
    deadline: RefCell<Option<Timeout>>,
}

impl Scope {
    /// A scope that ends with `signal` or after `deadline_ms` milliseconds, of which
    /// `waited_ms` are over.
    pub fn new(signal: Option<JsValue>, deadline_ms: Option<f64>, waited_ms: f64) -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let listener = signal.map(|signal| AbortListener::new(&signal, &state));
        Scope {
            deadline: RefCell::new(
                deadline_ms.map(|ms| timeout_begun(waited_ms, ms, "deadline", DEADLINE_PASSED)),
            ),
            state,
            _listener: listener,
            began_ms: monotonic_ms() - waited_ms,
            deadline_ms,
        }
    }

    /// What is left of the deadline, in milliseconds.
    pub fn remaining_ms(&self) -> Option<f64> {
        self.deadline_ms.map(|ms| (ms - self.passed_ms()).max(0.0))
    }

    /// Returns the milliseconds since the call began.
    pub fn passed_ms(&self) -> f64 {
        monotonic_ms() - self.began_ms
    }

    /// A handle by which others can stop it, for as long as it lasts.
    pub fn stopper(&self) -> Stopper {
        Stopper(Rc::downgrade(&self.state))
    }

    /// What `work` comes to, unless the scope ends or one of the `timeouts` goes off
    /// before.
    pub async fn guard(
        &self,
        mut work: Pin<&mut (dyn Future<Output = Outcome> + '_)>,
        timeouts: &mut [Timeout],
    ) -> Outcome {
        poll_fn(|context| {
            if let Some(why) = self.stopped() {
                return Poll::Ready(Err(why));
            }
            if let Poll::Ready(outcome) = work.as_mut().poll(context) {
                return Poll::Ready(outcome);
            }
            self.state.borrow_mut().waker = Some(context.waker().clone());
            for timeout in timeouts.iter_mut() {
                if let Poll::Ready(why) = timeout.as_mut().poll(context) {
                    return Poll::Ready(Err(why));
                }
            }
            self.look_at_deadline(context);
            match self.stopped() {
                Some(why) => Poll::Ready(Err(why)),
                None => Poll::Pending,
            }
        })
        .await
    }

    fn look_at_deadline(&self, context: &mut Context<'_>) {
        let rang = match self.deadline.borrow_mut().as_mut() {
            Some(deadline) => deadline.as_mut().poll(context),
            None => return,
        };
        if let Poll::Ready(why) = rang {
            // Polled once more it would panic.
            self.deadline.take();
            State::stop(&self.state, why);
        }
    }

    fn stopped(&self) -> Option<Rejection> {
        self.state.borrow().stopped.clone()
    }
}

/// Goes off after `ms` milliseconds of a page that runs; see [`timed_out`].
pub fn timeout(ms: f64, reason: &'static str, problem: &'static str) -> Timeout {
    timeout_begun(0.0, ms, reason, problem)
}

/// The same, of which `passed_ms` are over.
fn timeout_begun(passed_ms: f64, ms: f64, reason: &'static str, problem: &'static str) -> Timeout {
    let alarm = alarm(ms - passed_ms);
    Box::pin(async move {
        alarm.await;
        timed_out(reason, problem, ms)
    })
}

/// A time that is over. `problem` ends before the milliseconds.
pub fn timed_out(reason: &'static str, problem: &str, ms: f64) -> Rejection {
    let problem = joined(&[problem, &digits(ms as u64), " ms"]);
    Failure::client(Class::Timeout, Some(reason), problem).into()
}

/// Stops a scope from outside; holds nothing of it.
pub struct Stopper(Weak<RefCell<State>>);

impl Stopper {
    /// Stops the scope, if it still lasts.
    pub fn stop(&self, why: Rejection) {
        if let Some(state) = self.0.upgrade() {
            State::stop(&state, why);
        }
    }

    /// Whether the scope is over.
    pub fn is_over(&self) -> bool {
        self.0.strong_count() == 0
    }
}

#[wasm_bindgen(module = "/pkg-template/client/untrusted-values.js")]
extern "C" {
    /// Whether it is an `AbortSignal`, of whichever realm.
    #[wasm_bindgen(js_name = isSignal)]
    pub fn is_signal(value: &JsValue) -> bool;
    /// Calls `abort` with the signal's reason when it is aborted, or at once; returns a
    /// function that stops listening. Never throws.
    #[wasm_bindgen(js_name = whenAborted)]
    fn when_aborted(signal: &JsValue, abort: &Closure<dyn Fn(JsValue)>) -> Function;
}

/// Listens to an `AbortSignal` for as long as it is kept.
struct AbortListener {
    stop: Function,
    _callback: Closure<dyn Fn(JsValue)>,
}

impl AbortListener {
    fn new(signal: &JsValue, state: &Rc<RefCell<State>>) -> Self {
        let callback = Closure::new({
            let state = Rc::downgrade(state);
            move |reason| {
                if let Some(state) = state.upgrade() {
                    State::stop(&state, Rejection::aborted(reason));
                }
            }
        });
        AbortListener {
            stop: when_aborted(signal, &callback),
            _callback: callback,
        }
    }
}

impl Drop for AbortListener {
    fn drop(&mut self) {
        let _ = self.stop.call0(&JsValue::UNDEFINED);
    }
}
