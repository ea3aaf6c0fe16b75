//! Option values, as a plain data type without JavaScript.

/// A JavaScript value, as far as options need it.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// `undefined` or `null`: the default applies.
    Absent,
    /// A boolean.
    Bool(bool),
    /// A number, `NaN` and infinities included.
    Number(f64),
    /// A string.
    Text(String),
    /// An array, whose items are not read.
    List,
    /// A plain object.
    Object(Vec<(String, OptionValue)>),
    /// Anything else.
    Other,
}

impl OptionValue {
    /// Returns the member `name` of an object, or `Absent`.
    pub fn get(&self, name: &str) -> &OptionValue {
        match self {
            OptionValue::Object(members) => members
                .iter()
                .find(|(key, _)| key == name)
                .map_or(&OptionValue::Absent, |(_, value)| value),
            _ => &OptionValue::Absent,
        }
    }

    /// Returns the number, if the value is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            OptionValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the boolean, if the value is one.
    pub fn bool(&self) -> Option<bool> {
        match self {
            OptionValue::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Returns the string, if the value is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            OptionValue::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number_of(&self, name: &str) -> Option<f64> {
        self.get(name).number()
    }

    pub(super) fn number_or(&self, name: &str, unset: f64) -> f64 {
        self.number_of(name).unwrap_or(unset)
    }

    pub(super) fn bool_or(&self, name: &str, unset: bool) -> bool {
        self.get(name).bool().unwrap_or(unset)
    }

    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).text()
    }
}
