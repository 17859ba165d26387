use std::cmp::Reverse;
use std::collections::BTreeMap;

use interview::record;

record! {
    /// One version of a package, with the packages it needs and constraints on them.
    #[derive(Clone, Debug)]
    pub struct Release {
        pub version: String,
        pub needs: BTreeMap<String, String>,
    }
}

/// Chooses a version of every package that has to be installed; none if nothing fits.
pub fn resolve_versions(
    registry: &BTreeMap<String, Vec<Release>>,
    wanted: &BTreeMap<String, String>,
) -> Option<BTreeMap<String, String>> {
    let registry = registry.iter().map(|(name, releases)| (name.as_str(), newest_first(releases))).collect();
    let possible = narrow(&Candidates::new(), wanted, &registry)?;
    let chosen = search(&BTreeMap::new(), &possible, &registry)?;
    Some(chosen.into_iter().map(|(name, version)| (name.into(), version.into())).collect())
}

type Version = [u32; 3];

/// A release that may be chosen.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    version: Version,
    release: &'a Release,
}

impl<'a> Candidate<'a> {
    fn of(release: &'a Release) -> Self {
        Self { version: parse(&release.version), release }
    }
}

/// For each package, the releases to choose from, the newest first.
type Candidates<'a> = BTreeMap<&'a str, Vec<Candidate<'a>>>;

fn newest_first(releases: &[Release]) -> Vec<Candidate<'_>> {
    let mut candidates: Vec<_> = releases.iter().map(Candidate::of).collect();
    candidates.sort_unstable_by_key(|candidate| Reverse(candidate.version));
    candidates
}

/// The first solution that completes what is chosen. For each package that has to be installed,
/// `possible` holds the releases that all needs so far allow.
fn search<'a>(
    chosen: &BTreeMap<&'a str, &'a str>,
    possible: &Candidates<'a>,
    registry: &Candidates<'a>,
) -> Option<BTreeMap<&'a str, &'a str>> {
    let Some((&name, candidates)) = possible.iter().find(|(name, _)| !chosen.contains_key(*name)) else {
        return Some(chosen.clone());
    };
    candidates.iter().find_map(|candidate| {
        let mut fixed = possible.clone();
        fixed.insert(name, vec![*candidate]);
        let narrowed = narrow(&fixed, &candidate.release.needs, registry)?;
        let mut extended = chosen.clone();
        extended.insert(name, &candidate.release.version);
        search(&extended, &narrowed, registry)
    })
}

/// What is still possible once some needs have to be met; none if they cannot be.
fn narrow<'a>(
    possible: &Candidates<'a>,
    needs: &'a BTreeMap<String, String>,
    registry: &Candidates<'a>,
) -> Option<Candidates<'a>> {
    let mut narrowed = possible.clone();
    for (name, constraint) in needs {
        let constraint = Constraint::parse(constraint);
        let candidates =
            narrowed.entry(name).or_insert_with(|| registry.get(name.as_str()).cloned().unwrap_or_default());
        candidates.retain(|candidate| constraint.allows(candidate.version));
        if candidates.is_empty() {
            return None;
        }
    }
    Some(narrowed)
}

/// From which version on, and up to, not including, which.
struct Constraint(Vec<(Version, Version)>);

impl Constraint {
    fn parse(text: &str) -> Self {
        Self(text.split_whitespace().map(range).collect())
    }

    fn allows(&self, version: Version) -> bool {
        self.0.iter().all(|(from, before)| (from..before).contains(&&version))
    }
}

const FIRST: Version = [0, 0, 0];
const BEYOND: Version = [u32::MAX; 3];

/// The versions that one part of a constraint allows, as a range without its end.
fn range(part: &str) -> (Version, Version) {
    if part == "*" {
        return (FIRST, BEYOND);
    }
    let number = part.trim_start_matches(['<', '>', '=', '~', '^']);
    let bound = parse(number);
    match &part[..part.len() - number.len()] {
        ">=" => (bound, BEYOND),
        ">" => (after(bound, 2), BEYOND),
        "<=" => (FIRST, after(bound, 2)),
        "<" => (FIRST, bound),
        "~" => (bound, after(bound, 1)),
        "^" => (bound, after(bound, bound.iter().position(|number| *number > 0).unwrap_or(2))),
        _ => (bound, after(bound, 2)),
    }
}

/// The first version that differs at that place or before.
fn after(version: Version, place: usize) -> Version {
    let mut next = FIRST;
    next[..=place].copy_from_slice(&version[..=place]);
    next[place] += 1;
    next
}

fn parse(version: &str) -> Version {
    let mut numbers = version.split('.').map(|number| number.parse().expect("versions are three numbers"));
    std::array::from_fn(|_| numbers.next().expect("versions are three numbers"))
}
