//! The queue before the gate: first come, first served.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use gloo_timers::future::TimeoutFuture;

use super::clock::{monotonic_ms, sleep};
use crate::core::gate::{Admission, Gate};

struct State {
    gate: Gate,
    waiting: VecDeque<(u64, Option<Waker>)>,
    next_ticket: u64,
}

/// The queue of one client.
#[derive(Clone)]
pub struct Queue(Rc<RefCell<State>>);

impl Queue {
    /// A queue before `gate`.
    pub fn new(gate: Gate) -> Self {
        Queue(Rc::new(RefCell::new(State {
            gate,
            waiting: VecDeque::new(),
            next_ticket: 0,
        })))
    }

    /// Waits for its turn; `on_wait` is called once if there is a wait. Giving
    /// up (dropping the future) gives the place in the queue up too.
    pub async fn enter(&self, on_wait: impl FnOnce()) -> Pass {
        let ticket = self.take_ticket();
        let mut on_wait = Some(on_wait);
        let mut timer = None;
        poll_fn(|context| {
            let turn = self.poll_turn(&ticket, &mut timer, context);
            if turn.is_pending()
                && let Some(on_wait) = on_wait.take()
            {
                on_wait();
            }
            turn
        })
        .await;
        Pass(self.clone())
    }

    fn take_ticket(&self) -> Ticket {
        let mut state = self.0.borrow_mut();
        let id = state.next_ticket;
        state.next_ticket += 1;
        state.waiting.push_back((id, None));
        Ticket {
            queue: self.clone(),
            id,
        }
    }

    fn poll_turn(
        &self,
        ticket: &Ticket,
        timer: &mut Option<TimeoutFuture>,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let mut state = self.0.borrow_mut();
        let first = state
            .waiting
            .front()
            .is_some_and(|(id, _)| *id == ticket.id);
        if first {
            loop {
                match state.gate.enter(monotonic_ms()) {
                    Admission::Enter => return Poll::Ready(()),
                    Admission::WaitForPlace => break,
                    Admission::WaitMs(ms) => {
                        let wait = timer.insert(sleep(ms));
                        if Pin::new(wait).poll(context).is_pending() {
                            break;
                        }
                    }
                }
            }
        }
        if let Some((_, waker)) = state.waiting.iter_mut().find(|(id, _)| *id == ticket.id) {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }

    fn wake_first(&self) {
        let waker = self
            .0
            .borrow_mut()
            .waiting
            .front_mut()
            .and_then(|(_, waker)| waker.take());
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A place in the queue.
struct Ticket {
    queue: Queue,
    id: u64,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue
            .0
            .borrow_mut()
            .waiting
            .retain(|(id, _)| *id != self.id);
        self.queue.wake_first();
    }
}

/// A place behind the gate; dropping it gives it back.
pub struct Pass(Queue);

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.0.borrow_mut().gate.leave();
        self.0.wake_first();
    }
}
