//! The queue before the gate: first come, first served. A call keeps its place
//! in the order when it tries again.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::cancellation::Outcome;
use crate::browser::clock::{monotonic_ms, sleep};
use crate::browser::cross_tab::{Ask, Place, Tabs};
use crate::browser::error::Rejection;
use crate::browser::js::promise::Boxed;
use crate::core::endpoint::Endpoint;
use crate::core::retry::rate_limiter::{Admission, Gate, fails_alike};

struct State {
    gate: Gate,
    /// The calls that are not under way, by the order in which they came.
    waiting: Vec<Waiting>,
    next_ticket: u64,
}

struct Waiting {
    ticket: u64,
    endpoint: Endpoint,
    /// Whether it asks to be let in, or sits out a backoff.
    wants_in: bool,
    waker: Option<Waker>,
    /// Why it need not try.
    refusal: Option<Rejection>,
}

/// The queue of one client.
#[derive(Clone)]
pub struct Queue {
    state: Rc<RefCell<State>>,
    tabs: Option<Rc<Tabs>>,
}

impl Queue {
    /// A queue before `gate`; with `shared_as`, tabs of the same origin that
    /// say the same share it, and its `places` too.
    pub fn new(gate: Gate, shared_as: Option<&str>, places: usize) -> Self {
        let state = Rc::new(RefCell::new(State {
            gate,
            waiting: Vec::new(),
            next_ticket: 0,
        }));
        let tabs = shared_as.map(|name| {
            let heard = Rc::downgrade(&state);
            Rc::new(Tabs::join(
                name,
                places,
                move |entered_ms, closed_until_ms| {
                    if let Some(state) = heard.upgrade() {
                        let gate = &mut state.borrow_mut().gate;
                        gate.hear(entered_ms, closed_until_ms, monotonic_ms());
                    }
                },
            ))
        });
        Queue { state, tabs }
    }

    /// A place in the order for one call.
    pub fn ticket(&self, endpoint: Endpoint) -> Ticket {
        let id = self.state.borrow().next_ticket;
        self.state.borrow_mut().next_ticket += 1;
        Ticket {
            queue: self.clone(),
            id,
            endpoint,
        }
    }

    /// Lets all calls learn from the failure of one: what would fail alike fails
    /// now.
    pub fn learn(&self, rejection: &Rejection) {
        let mut wakers = Vec::new();
        for waiting in &mut self.state.borrow_mut().waiting {
            if fails_alike(&rejection.failure, waiting.endpoint) {
                waiting.refusal = Some(rejection.clone());
                wakers.extend(waiting.waker.take());
            }
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Lets nobody in for this many milliseconds.
    pub fn close_for(&self, ms: f64) {
        let mut state = self.state.borrow_mut();
        state.gate.close_until(monotonic_ms() + ms);
        if let Some(tabs) = &self.tabs {
            tabs.tell_closed(ms);
        }
    }

    /// How long nobody is let in, in milliseconds.
    pub fn opens_in_ms(&self) -> f64 {
        self.state.borrow().gate.opens_in_ms(monotonic_ms())
    }

    fn wake_first(&self) {
        let waker = self
            .state
            .borrow_mut()
            .waiting
            .iter_mut()
            .find(|waiting| waiting.wants_in)
            .and_then(|waiting| waiting.waker.take());
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A call's place in the order.
pub struct Ticket {
    queue: Queue,
    id: u64,
    endpoint: Endpoint,
}

impl Ticket {
    /// Waits for its turn, and puts it into `pass`; `on_wait` is called once if
    /// there is a wait. Giving up (dropping the future) gives the turn up too.
    /// Fails when another call showed meanwhile that this one would fail.
    pub async fn enter(&self, pass: &Pass, on_wait: &dyn Fn()) -> Outcome {
        let _place = self.wait(true);
        let was_told = Cell::new(false);
        let tell = || {
            if !was_told.replace(true) {
                on_wait();
            }
        };
        if let Some(tabs) = &self.queue.tabs {
            // Few clients share: what only they need is kept out of the way.
            let mut entering: Boxed<'_, Outcome> = Box::pin(self.enter_among(tabs, pass, &tell));
            if self.unless_refused(entering.as_mut()).await?.is_truthy() {
                return Ok(JsValue::UNDEFINED);
            }
        }
        let mut timer = None;
        poll_fn(|context| {
            let turn = self.poll_turn(pass, &mut timer, context);
            if turn.is_pending() {
                tell();
            }
            turn
        })
        .await?;
        Ok(JsValue::UNDEFINED)
    }

    /// The same among all tabs; whether there are others.
    async fn enter_among(&self, tabs: &Tabs, pass: &Pass, on_wait: &dyn Fn()) -> Outcome {
        let (state, entered_ms) = (self.queue.state.clone(), pass.entered_ms.clone());
        let ask = Ask::new(move || {
            let now_ms = monotonic_ms();
            let admission = state.borrow_mut().gate.enter(now_ms);
            if let Admission::WaitMs(ms) = admission {
                return ms;
            }
            // All tabs together have no more places than this one's gate. Noted at
            // once: what gives up while the others are told has to leave again.
            entered_ms.set(Some(now_ms));
            0.0
        });
        let place = tabs.enter(&ask, on_wait).await?;
        let is_shared = place.is_object();
        if is_shared {
            pass.place.replace(Some(place.unchecked_into()));
        }
        Ok(is_shared.into())
    }

    /// Sits out a backoff. Fails when another call showed meanwhile that this
    /// one would fail.
    pub async fn sit_out(&self, ms: f64) -> Outcome {
        let _place = self.wait(false);
        let sitting = async {
            sleep(ms).await;
            Ok(JsValue::UNDEFINED)
        };
        self.unless_refused(pin!(sitting)).await
    }

    async fn unless_refused(
        &self,
        mut work: Pin<&mut (dyn Future<Output = Outcome> + '_)>,
    ) -> Outcome {
        poll_fn(|context| match self.remember(context) {
            Some(refusal) => Poll::Ready(Err(refusal)),
            None => work.as_mut().poll(context),
        })
        .await
    }

    /// A place behind the gate, once it is entered.
    pub fn pass(&self) -> Pass {
        Pass {
            queue: self.queue.clone(),
            entered_ms: Rc::default(),
            is_used: Cell::default(),
            place: RefCell::default(),
        }
    }

    fn wait(&self, wants_in: bool) -> QueueEntry<'_> {
        let waiting = Waiting {
            ticket: self.id,
            endpoint: self.endpoint,
            wants_in,
            waker: None,
            refusal: None,
        };
        let mut state = self.queue.state.borrow_mut();
        let place = state
            .waiting
            .partition_point(|other| other.ticket < self.id);
        state.waiting.insert(place, waiting);
        QueueEntry(self)
    }

    /// Leaves the waker behind; gives the refusal, if there is one.
    fn remember(&self, context: &mut Context<'_>) -> Option<Rejection> {
        let mut state = self.queue.state.borrow_mut();
        let waiting = state.waiting.iter_mut().find(|one| one.ticket == self.id)?;
        waiting.waker = Some(context.waker().clone());
        waiting.refusal.clone()
    }

    fn poll_turn(
        &self,
        pass: &Pass,
        timer: &mut Option<TimeoutFuture>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Rejection>> {
        if let Some(refusal) = self.remember(context) {
            return Poll::Ready(Err(refusal));
        }
        let mut state = self.queue.state.borrow_mut();
        let first = state.waiting.iter().find(|waiting| waiting.wants_in);
        if first.is_none_or(|waiting| waiting.ticket != self.id) {
            return Poll::Pending;
        }
        loop {
            let now_ms = monotonic_ms();
            match state.gate.enter(now_ms) {
                Admission::Enter => {
                    pass.entered_ms.set(Some(now_ms));
                    return Poll::Ready(Ok(()));
                }
                Admission::WaitForPlace => return Poll::Pending,
                Admission::WaitMs(ms) => {
                    // A pending timer stays, even if the wait has grown: one
                    // that is dropped wakes its task, so that a new one at every
                    // look would have look follow look until the wait is over.
                    let pending = timer.get_or_insert_with(|| sleep(ms));
                    if Pin::new(pending).poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    *timer = None;
                }
            }
        }
    }
}

/// Being in the queue, until it is dropped.
struct QueueEntry<'a>(&'a Ticket);

impl Drop for QueueEntry<'_> {
    fn drop(&mut self) {
        let Ticket { queue, id, .. } = self.0;
        let is_other = |waiting: &Waiting| waiting.ticket != *id;
        queue.state.borrow_mut().waiting.retain(is_other);
        queue.wake_first();
    }
}

/// A place behind the gate; dropping it gives it back.
pub struct Pass {
    queue: Queue,
    /// When it was entered, if it is. Set from JavaScript, where that asks the gate.
    entered_ms: Rc<Cell<Option<f64>>>,
    /// Whether a request was sent with it.
    is_used: Cell<bool>,
    /// The place among all tabs.
    place: RefCell<Option<Place>>,
}

impl Pass {
    /// A request goes out: from now on, it counts.
    pub fn mark_used(&self) {
        self.is_used.set(true);
        if let Some(entered_ms) = self.entered_ms.get() {
            let gate = &mut self.queue.state.borrow_mut().gate;
            gate.note_sending(entered_ms, monotonic_ms());
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            place.release();
        }
        if let Some(entered_ms) = self.entered_ms.get() {
            let gate = &mut self.queue.state.borrow_mut().gate;
            match self.is_used.get() {
                true => gate.leave(),
                false => gate.leave_unsent(entered_ms),
            }
        }
        self.queue.wake_first();
    }
}
