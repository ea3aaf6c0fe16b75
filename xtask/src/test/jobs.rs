//! Jobs that run beside each other: a part of the test suite in one engine or tool.

use std::io::Write;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::process;
use crate::test::counts::Tally;

/// The number of jobs that run at a time. Browsers wait more than they work, but three at a time
/// are too many for two cores.
const PARALLEL: usize = 2;

/// The output of a job, printed when it is complete, and its counts.
#[derive(Default)]
pub struct Report {
    pub text: Vec<u8>,
    pub tally: Tally,
}

impl Report {
    /// Runs a command and adds its output and the tests that it counted.
    pub fn add(&mut self, command: Command) -> Result<()> {
        let Report { text, tally } = self;
        process::record(command, text, |line| *tally += Tally::of_line(line))
    }
}

type Run<'a> = Box<dyn FnOnce(&mut Report) -> Result<()> + Send + 'a>;

/// A part of the suite that shares nothing with the others.
pub struct Job<'a> {
    title: String,
    run: Run<'a>,
}

impl<'a> Job<'a> {
    pub fn new(
        title: impl Into<String>,
        run: impl FnOnce(&mut Report) -> Result<()> + Send + 'a,
    ) -> Self {
        Job {
            title: title.into(),
            run: Box::new(run),
        }
    }
}

/// Runs all jobs, in their order, `PARALLEL` at a time, and goes on where one of them fails.
/// Returns the titles of those that failed.
pub fn run_all(jobs: Vec<Job<'_>>, total: &mut Tally) -> Vec<String> {
    let waiting = Mutex::new(jobs.into_iter());
    let done = Mutex::new((total, Vec::new()));
    let work = || {
        // The guard must not live as long as the job.
        let next = || lock(&waiting).next();
        while let Some(Job { title, run }) = next() {
            let start = Instant::now();
            let mut report = Report::default();
            let outcome = run(&mut report).and_then(|()| {
                ensure!(!report.tally.is_empty(), "no test was found");
                Ok(())
            });
            let mut done = lock(&done);
            let (total, failed) = &mut *done;
            println!("\n━━ {title} ━━");
            let _ = std::io::stdout().write_all(&report.text);
            let mut counted = report.tally;
            if let Err(error) = &outcome {
                println!("error: {title}: {error:#}");
            }
            if outcome.is_err() || counted.failed > 0 {
                // A job can fail with no test to blame, by not starting.
                counted.failed = counted.failed.max(1);
                failed.push(title.clone());
            }
            println!(
                "{title}: {} passed, {} failed, {} left out, in {:.0} s",
                counted.passed,
                counted.failed,
                counted.skipped,
                start.elapsed().as_secs_f64()
            );
            **total += counted;
        }
    };
    thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(work);
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).1
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
