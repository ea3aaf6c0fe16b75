//! Runs other programs and turns their failures into one sentence.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// The program of a command, without its folder.
pub fn program_name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    name.display().to_string()
}

/// The command as a person would type it, without folder and environment.
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

/// Runs a command whose output the user should see.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| could_not_start(command))?;
    check(command, status)
}

/// Runs a command whose output matters only when it fails.
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

/// Runs a command for what it prints on stdout.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| could_not_start(command))?;
    check(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, passes its stdout on, and shows every line of it to `see`.
pub fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| could_not_start(command))?;
    let output = child.stdout.take().expect("stdout is piped");
    // The child is waited for even when the reading fails, so that it never
    // outlives this call.
    let copied = copy_lines(output, &mut std::io::stdout(), &mut see);
    let status = child.wait()?;
    copied?;
    check(command, status)
}

/// Runs a command, keeps everything it prints in `text`, and shows every line
/// of it to `see`.
pub fn record(mut command: Command, text: &mut Vec<u8>, mut see: impl FnMut(&str)) -> Result<()> {
    let (output, printed) = std::io::pipe()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(printed.try_clone()?)
        .stderr(printed)
        .spawn()
        .with_context(|| could_not_start(&command))?;
    // The command holds its ends of the pipe, which would never be at its end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let copied = copy_lines(output, text, &mut see);
    let status = child.wait()?;
    copied?;
    check(&command, status)
}

fn copy_lines(
    output: impl std::io::Read,
    to: &mut dyn Write,
    see: &mut dyn FnMut(&str),
) -> Result<()> {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        see(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}
