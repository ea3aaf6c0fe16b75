//! Reasons and warnings, shared by the readers of audio formats.

/// The reason (of the error catalogue) and the message of audio that cannot be sent.
pub(crate) type InvalidAudio = (&'static str, &'static str);

/// Returns the names whose condition holds.
pub(crate) fn active_names(checks: &[(&'static str, bool)]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, applies) in checks {
        if *applies {
            names.push(*name);
        }
    }
    names
}
