use interview::record;

record! {
    /// Something to build, once everything it needs is finished.
    #[derive(Clone, Debug)]
    pub struct Target {
        pub name: String,
        pub minutes: u64,
        pub needs: Vec<String>,
    }
}

record! {
    /// A worker builds a target from start to end.
    #[derive(Clone, Debug)]
    pub struct Step {
        pub target: String,
        pub worker: usize,
        pub start: u64,
        pub end: u64,
    }
}

record! {
    /// The whole build, or the reason why there is none.
    #[derive(Clone, Debug, Default)]
    pub struct Plan {
        pub minutes: u64,
        pub steps: Vec<Step>,
        pub missing: Vec<String>,
        pub stuck: Vec<String>,
    }
}

/// Plans which worker (numbered from 1) builds which target, and when.
pub fn plan_build(targets: &[Target], workers: usize) -> Plan {
    Plan::default()
}
