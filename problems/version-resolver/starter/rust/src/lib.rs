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
    Some(BTreeMap::new())
}
