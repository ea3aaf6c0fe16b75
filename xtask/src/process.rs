//! Runs other programs. A failure becomes an error of one sentence.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// Returns the program of a command, without its folder.
pub fn program_name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    name.display().to_string()
}

/// Returns the command as a person would type it, without folder and environment.
fn command_line(command: &Command) -> String {
    std::iter::once(program_name(command))
        .chain(
            command
                .get_args()
                .map(|argument| argument.display().to_string()),
        )
        .collect::<Vec<_>>()
        .join(" ")
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", command_line(command))
}

fn could_not_start(command: &Command) -> String {
    format!("`{}` could not be started", command_line(command))
}

/// Runs a command that prints directly to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| could_not_start(command))?;
    check(command, status)
}

/// Runs a command, and prints its output only if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| could_not_start(command))?;
    if !output.status.success() {
        std::io::stderr().write_all(&output.stdout)?;
        std::io::stderr().write_all(&output.stderr)?;
    }
    check(command, output.status)
}

/// Runs a command. Returns its stdout.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| could_not_start(command))?;
    check(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, prints its stdout, and calls `on_line` with every line of it.
pub fn run_with_lines(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| could_not_start(command))?;
    let output = child.stdout.take().expect("stdout is piped");
    // Waits for the child even if reading fails, so that it cannot outlive this call.
    let copied = copy_lines(output, &mut std::io::stdout(), &mut on_line);
    let status = child.wait()?;
    copied?;
    check(command, status)
}

/// Runs a command, appends its stdout and stderr to `text`, and calls `on_line` with every line.
pub fn capture(
    mut command: Command,
    text: &mut Vec<u8>,
    mut on_line: impl FnMut(&str),
) -> Result<()> {
    let (output, printed) = std::io::pipe()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(printed.try_clone()?)
        .stderr(printed)
        .spawn()
        .with_context(|| could_not_start(&command))?;
    // Drops the copies of the pipe's write end that `command` holds. Otherwise reading never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let copied = copy_lines(output, text, &mut on_line);
    let status = child.wait()?;
    copied?;
    check(&command, status)
}

fn copy_lines(
    output: impl std::io::Read,
    to: &mut dyn Write,
    on_line: &mut dyn FnMut(&str),
) -> Result<()> {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        on_line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}
