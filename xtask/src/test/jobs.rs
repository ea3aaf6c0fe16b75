//! Jobs that run in parallel: parts of the test suite, each in one engine or tool.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::process;
use crate::test::counts::TestCounts;

/// The number of jobs that run at a time. Browsers wait as much as they compute: on two cores, the
/// load average was 1.5 to 3 with two jobs at a time, and 10 to 15 with four.
const MAX_PARALLEL_JOBS: usize = 3;

/// The duration of a job that states none.
const DEFAULT_SECONDS: u32 = 60;

/// The line of Node's reporter `spec` before the details of the tests that failed.
const FAILURES_HEADING: &str = "✖ failing tests:";

/// The output of a job, which is printed when the job has ended, and its counts.
#[derive(Default)]
pub struct Report {
    pub text: Vec<u8>,
    pub counts: TestCounts,
    /// The details of the tests that failed, also of those that passed when they were repeated.
    failures: String,
    /// The names of the commands that were repeated.
    repeated: Vec<String>,
}

impl Report {
    /// Runs a command, and adds its output and its counts of tests.
    pub fn add(&mut self, command: Command) -> Result<()> {
        let Report {
            text,
            counts,
            failures,
            ..
        } = self;
        let mut in_failures = false;
        process::capture(command, text, |line| {
            *counts += TestCounts::from_line(line);
            in_failures |= line.starts_with(FAILURES_HEADING);
            if in_failures {
                failures.push_str(line);
            }
        })
    }

    /// Runs a command, and once more if it fails. The counts are those of the last run.
    ///
    /// This is for browsers only: in whole runs on two busy cores, 3 to 5 of 4,480 tests failed
    /// and passed when they were repeated, because a browser, its driver or the sound server hung.
    /// The result of the whole suite says what was repeated.
    pub fn add_repeatable(&mut self, name: &str, command: impl Fn() -> Command) -> Result<()> {
        let counts = self.counts;
        let Err(error) = self.add(command()) else {
            return Ok(());
        };
        self.counts = counts;
        writeln!(self.text, "{name} is repeated, because {error:#}.")?;
        self.repeated.push(name.to_owned());
        self.add(command())
    }
}

type Run<'a> = Box<dyn FnOnce(&mut Report) -> Result<()> + Send + 'a>;

/// A part of the suite that shares nothing with other jobs.
pub struct Job<'a> {
    title: String,
    expected_seconds: u32,
    run: Run<'a>,
}

impl<'a> Job<'a> {
    pub fn new(
        title: impl Into<String>,
        run: impl FnOnce(&mut Report) -> Result<()> + Send + 'a,
    ) -> Self {
        Job {
            title: title.into(),
            expected_seconds: DEFAULT_SECONDS,
            run: Box::new(run),
        }
    }

    /// Sets the measured duration of the job, which affects only the order of jobs.
    pub fn expected_seconds(self, expected_seconds: u32) -> Self {
        Job {
            expected_seconds,
            ..self
        }
    }
}

/// The results of all stages and jobs.
#[derive(Default)]
pub struct Results {
    pub counts: TestCounts,
    /// The titles of the stages and jobs that failed.
    pub failed: Vec<String>,
    /// The details of the tests that failed.
    pub failures: String,
    /// The files of tests that were repeated, with the titles of their jobs.
    pub repeated: Vec<String>,
}

impl Results {
    /// Adds the counts of a stage or job. Without a failed test, an error counts as one: a stage
    /// can fail because it does not compile or start.
    pub fn add(&mut self, title: &str, mut counts: TestCounts, outcome: &Result<()>) {
        if outcome.is_err() {
            counts.failed = counts.failed.max(1);
        }
        if counts.failed > 0 {
            self.failed.push(title.to_owned());
        }
        self.counts += counts;
    }
}

/// Runs all jobs, `MAX_PARALLEL_JOBS` at a time, and continues if one of them fails.
///
/// The longest jobs start first, so that no long job runs alone at the end.
pub fn run_all(jobs: Vec<Job<'_>>, results: &Mutex<Results>) {
    let queue = Mutex::new(longest_first(jobs).into_iter());
    let work = || {
        // A function, so that the lock is released before the job runs.
        let next = || lock(&queue).next();
        while let Some(job) = next() {
            run(job, results);
        }
    };
    thread::scope(|scope| {
        for _ in 0..MAX_PARALLEL_JOBS {
            scope.spawn(work);
        }
    });
}

fn longest_first(mut jobs: Vec<Job<'_>>) -> Vec<Job<'_>> {
    jobs.sort_by_key(|job| Reverse(job.expected_seconds));
    jobs
}

/// Runs a job, and prints its output when it has ended.
pub fn run(job: Job<'_>, results: &Mutex<Results>) {
    let Job { title, run, .. } = job;
    let start = Instant::now();
    let mut report = Report::default();
    let outcome = run(&mut report).and_then(|()| {
        ensure!(!report.counts.is_empty(), "no test was found");
        Ok(())
    });
    let counts = report.counts;
    let mut summary = String::new();
    if let Err(error) = &outcome {
        let _ = writeln!(summary, "error: {title}: {error:#}");
    }
    let _ = writeln!(
        summary,
        "{title}: {} passed, {} failed, {} left out, in {:.0} s",
        counts.passed,
        counts.failed,
        counts.skipped,
        start.elapsed().as_secs_f64()
    );
    // One call, so that the output of other threads does not interrupt it.
    print!(
        "\n━━ {title} ━━\n{}{summary}",
        String::from_utf8_lossy(&report.text)
    );
    let mut results = lock(results);
    results.add(&title, counts, &outcome);
    if !report.failures.is_empty() {
        let _ = write!(results.failures, "\n━━ {title} ━━\n{}", report.failures);
    }
    let repeated = report.repeated.iter();
    results
        .repeated
        .extend(repeated.map(|name| format!("{name} ({title})")));
}

/// Locks a mutex, also after a panic of another thread.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::process::Command;
    use std::sync::Mutex;

    use anyhow::bail;

    use super::{Job, Report, Results, longest_first, run_all};

    fn passing(report: &mut Report) -> anyhow::Result<()> {
        report.counts.passed = 2;
        Ok(())
    }

    #[test]
    fn the_longest_jobs_start_first() {
        let job = |title: &str, seconds| Job::new(title, passing).expected_seconds(seconds);
        let jobs = vec![job("c", 30), job("a", 200), job("b", 100)];
        let titles: Vec<String> = longest_first(jobs)
            .into_iter()
            .map(|job| job.title)
            .collect();
        assert_eq!(titles, ["a", "b", "c"]);
    }

    #[cfg(unix)]
    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_fails_is_repeated_once_and_its_last_counts_count() {
        let fails = "echo 'ℹ pass 1'; echo 'ℹ fail 2'; echo '✖ failing tests:'; echo why; exit 1";
        let repeated = |second: &str| {
            let runs = Cell::new(0);
            let mut report = Report::default();
            let outcome = report.add_repeatable("a.test.mjs", || {
                runs.set(runs.get() + 1);
                shell(if runs.get() == 1 { fails } else { second })
            });
            (outcome.is_ok(), runs.get(), report)
        };
        let (is_ok, runs, report) = repeated("echo 'ℹ pass 3'");
        assert!(is_ok);
        assert_eq!(runs, 2);
        assert_eq!((report.counts.passed, report.counts.failed), (3, 0));
        assert_eq!(report.repeated, ["a.test.mjs"]);
        assert_eq!(report.failures, "✖ failing tests:\nwhy\n");

        let (is_ok, runs, report) = repeated(fails);
        assert!(!is_ok);
        assert_eq!(runs, 2);
        assert_eq!((report.counts.passed, report.counts.failed), (1, 2));
    }

    #[test]
    fn a_job_that_fails_or_runs_no_test_counts_as_failed_and_the_others_run() {
        let jobs = vec![
            Job::new("error", |_| bail!("did not start")),
            Job::new("empty", |_| Ok(())),
            Job::new("fine", passing),
        ];
        let results = Mutex::new(Results::default());
        run_all(jobs, &results);
        let results = results.into_inner().unwrap();
        assert_eq!((results.counts.passed, results.counts.failed), (2, 2));
        let mut failed = results.failed;
        failed.sort();
        assert_eq!(failed, ["empty", "error"]);
    }
}
