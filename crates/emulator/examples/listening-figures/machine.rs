//! Processor time and memory of this process, as Linux counts them.

use std::fs;

/// The clock ticks in which Linux counts a process's time, by second.
const TICKS_PER_SECOND: f64 = 100.0;

/// The time that all threads of this process have run, in seconds.
pub fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in parentheses, may hold spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11).map(str::parse::<f64>);
    let (user, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
    Some((user + system) / TICKS_PER_SECOND)
}

/// Begins to measure the peak of memory anew.
pub fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The memory that is in use, and the most that was, in megabytes.
pub fn memory_megabytes() -> Option<(f64, f64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = |name: &str| -> Option<f64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some((kilobytes("VmRSS:")? / 1e3, kilobytes("VmHWM:")? / 1e3))
}
