use std::collections::{BTreeMap, BTreeSet};

use interview::{Json, ToJson};

/// One step of a patch.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Add { path: String, value: Json },
    Remove { path: String },
    Replace { path: String, value: Json },
}

impl ToJson for Operation {
    fn to_json(&self) -> Json {
        let (op, path, value) = match self {
            Self::Add { path, value } => ("add", path, Some(value)),
            Self::Remove { path } => ("remove", path, None),
            Self::Replace { path, value } => ("replace", path, Some(value)),
        };
        let mut fields = BTreeMap::from([("op".into(), op.to_json()), ("path".into(), path.to_json())]);
        fields.extend(value.map(|value| ("value".into(), value.clone())));
        Json::Object(fields)
    }
}

/// The operations that turn `before` into `after`, in the order to apply them.
pub fn diff_config(before: &Json, after: &Json) -> Vec<Operation> {
    let mut patch = Patch::default();
    patch.compare("", before, after);
    patch.operations
}

/// The operations that are known so far.
#[derive(Default)]
struct Patch {
    operations: Vec<Operation>,
}

impl Patch {
    fn compare(&mut self, path: &str, before: &Json, after: &Json) {
        match (before, after) {
            (Json::Object(before), Json::Object(after)) => self.compare_objects(path, before, after),
            (Json::Array(before), Json::Array(after)) => self.compare_lists(path, before, after),
            _ if before == after => {}
            _ => self.operations.push(Operation::Replace { path: path.into(), value: after.clone() }),
        }
    }

    fn compare_objects(&mut self, path: &str, before: &BTreeMap<String, Json>, after: &BTreeMap<String, Json>) {
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
            match (before.get(key), after.get(key)) {
                (Some(before), Some(after)) => self.compare(&path, before, after),
                (Some(_), None) => self.operations.push(Operation::Remove { path }),
                (None, Some(value)) => self.operations.push(Operation::Add { path, value: value.clone() }),
                (None, None) => unreachable!("every key is in one of the two"),
            }
        }
    }

    fn compare_lists(&mut self, path: &str, before: &[Json], after: &[Json]) {
        let first = common(before.iter().zip(after));
        let (before, after) = (&before[first..], &after[first..]);
        let last = common(before.iter().rev().zip(after.iter().rev()));
        let (before, after) = (&before[..before.len() - last], &after[..after.len() - last]);
        let at = |place: usize| format!("{path}/{}", first + place);

        for (place, (before, after)) in before.iter().zip(after).enumerate() {
            self.compare(&at(place), before, after);
        }
        // What is removed makes room for the next, which then has the same place.
        for _ in before.iter().skip(after.len()) {
            self.operations.push(Operation::Remove { path: at(after.len()) });
        }
        for (place, value) in after.iter().enumerate().skip(before.len()) {
            self.operations.push(Operation::Add { path: at(place), value: value.clone() });
        }
    }
}

/// How many pairs are equal before the first that is not.
fn common<'a>(pairs: impl Iterator<Item = (&'a Json, &'a Json)>) -> usize {
    pairs.take_while(|(before, after)| before == after).count()
}
