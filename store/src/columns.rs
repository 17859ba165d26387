//! How the domain's values lie in columns, where the two differ: numbers, names out of a fixed set, lists.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// A moment or an amount. What no column can hold is as good as the most that one can: 292 million years.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number that came out of a column.
pub(crate) fn read_number<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, Fault> {
    T::try_from(value).map_err(|_| Fault::Unknown(column, value.to_string()))
}

/// A number that may be missing.
pub(crate) fn read_optional<T: TryFrom<i64>>(column: &'static str, value: Option<i64>) -> Result<Option<T>, Fault> {
    value.map(|value| read_number(column, value)).transpose()
}

/// One of a fixed set that came out of a column by its name.
pub(crate) fn read_name<T>(column: &'static str, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, Fault> {
    parse(name).ok_or_else(|| Fault::Unknown(column, name.to_owned()))
}

/// A list, for a column of text.
pub(crate) fn list<T: Serialize>(values: &[T]) -> Result<String, Fault> {
    Ok(serde_json::to_string(values)?)
}

/// A list that came out of a column of text.
pub(crate) fn read_list<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Fault> {
    Ok(serde_json::from_str(text)?)
}
