//! A case's input for a function: the JSON array of its arguments. It also takes the array's inside alone.

use serde_json::value::RawValue;

/// The JSON array of the arguments. `[1, 2]` is taken as it is; `1, 2` means the same. A function of one list is given
/// `[[1, 2]]`.
pub fn parse(input: &str) -> Result<String, String> {
    let whole = input.trim();
    if serde_json::from_str::<Vec<&RawValue>>(whole).is_ok() {
        return Ok(whole.to_owned());
    }
    let listed = format!("[{whole}]");
    match serde_json::from_str::<Vec<&RawValue>>(&listed) {
        Ok(_) => Ok(listed),
        Err(_) => Err("write the arguments as JSON, like `[2, 3]` or `\"ada\", true`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_the_arguments_and_a_list_of_values_becomes_one() {
        assert_eq!(parse("[2, 3]"), Ok("[2, 3]".into()));
        assert_eq!(parse("2,3"), Ok("[2,3]".into()));
        assert_eq!(parse("[1, 2], {\"a\": 1}"), Ok("[[1, 2], {\"a\": 1}]".into()));
        assert_eq!(parse("\n \"ada\" \n"), Ok("[\"ada\"]".into()));
        assert_eq!(parse(""), Ok("[]".into()));
        assert_eq!(parse("12345678901234567890123"), Ok("[12345678901234567890123]".into()));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for bad in ["ada", "1,,2", "[1, 2", "1; 2", "NaN", "], ["] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
