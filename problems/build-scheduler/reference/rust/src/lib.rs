use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

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
    let graph = match Graph::of(targets) {
        Ok(graph) => graph,
        Err(missing) => return Plan { missing: owned(missing), ..Plan::default() },
    };
    let order = graph.build_order();
    if order.len() < targets.len() {
        let built: BTreeSet<usize> = order.into_iter().collect();
        let stuck = (0..targets.len()).filter(|node| !built.contains(node));
        return Plan { stuck: owned(stuck.map(|node| targets[node].name.as_str()).collect()), ..Plan::default() };
    }
    let steps = graph.simulate(&graph.urgencies(&order), workers);
    Plan { minutes: steps.iter().map(|step| step.end).max().unwrap_or(0), steps, ..Plan::default() }
}

fn owned(names: BTreeSet<&str>) -> Vec<String> {
    names.into_iter().map(String::from).collect()
}

/// The targets, known by their place, and which of them wait for which.
struct Graph<'a> {
    targets: &'a [Target],
    /// How many different targets each one needs.
    needs: Vec<usize>,
    /// The targets that need this one.
    wanted_by: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    /// The graph, or the names that are needed and that no target has.
    fn of(targets: &'a [Target]) -> Result<Self, BTreeSet<&'a str>> {
        let places: HashMap<&str, usize> =
            targets.iter().enumerate().map(|(place, target)| (target.name.as_str(), place)).collect();
        let mut graph = Self { targets, needs: vec![0; targets.len()], wanted_by: vec![Vec::new(); targets.len()] };
        let mut missing = BTreeSet::new();
        for (place, target) in targets.iter().enumerate() {
            let needs: BTreeSet<&str> = target.needs.iter().map(String::as_str).collect();
            graph.needs[place] = needs.len();
            for need in needs {
                match places.get(need) {
                    Some(&needed) => graph.wanted_by[needed].push(place),
                    None => {
                        missing.insert(need);
                    }
                }
            }
        }
        if missing.is_empty() { Ok(graph) } else { Err(missing) }
    }

    /// All targets that can be built, each after everything it needs.
    fn build_order(&self) -> Vec<usize> {
        let mut countdown = Countdown::new(self);
        let mut order = countdown.ready_at_once();
        let mut next = 0;
        while let Some(&finished) = order.get(next) {
            order.extend(countdown.finish(finished));
            next += 1;
        }
        order
    }

    /// For each target, the length of the longest chain of work that begins with it.
    fn urgencies(&self, order: &[usize]) -> Vec<u64> {
        let mut urgencies = vec![0; self.targets.len()];
        for &node in order.iter().rev() {
            let longest = self.wanted_by[node].iter().map(|&waiting| urgencies[waiting]).max();
            urgencies[node] = self.targets[node].minutes + longest.unwrap_or(0);
        }
        urgencies
    }

    /// Lets the workers build everything; the steps are in the order in which they start.
    fn simulate(&self, urgencies: &[u64], workers: usize) -> Vec<Step> {
        let rank = |node: usize| (urgencies[node], Reverse(self.targets[node].name.as_str()), node);
        let mut countdown = Countdown::new(self);
        let mut ready: BinaryHeap<_> = countdown.ready_at_once().into_iter().map(rank).collect();
        let mut free: BinaryHeap<_> = (1..=workers).map(Reverse).collect();
        let mut running = BinaryHeap::new();
        let mut steps = Vec::with_capacity(self.targets.len());
        let mut now = 0;
        loop {
            while !ready.is_empty()
                && let Some(Reverse(worker)) = free.pop()
            {
                let Some((_, _, node)) = ready.pop() else { break };
                let target = &self.targets[node];
                let end = now + target.minutes;
                steps.push(Step { target: target.name.clone(), worker, start: now, end });
                running.push(Reverse((end, worker, node)));
            }
            let Some(&Reverse((end, ..))) = running.peek() else { return steps };
            now = end;
            while let Some(&Reverse((end, worker, node))) = running.peek()
                && end == now
            {
                running.pop();
                free.push(Reverse(worker));
                ready.extend(countdown.finish(node).map(rank));
            }
        }
    }
}

/// How many needs of each target are still open.
struct Countdown<'a> {
    graph: &'a Graph<'a>,
    open: Vec<usize>,
}

impl<'a> Countdown<'a> {
    fn new(graph: &'a Graph<'a>) -> Self {
        Self { graph, open: graph.needs.clone() }
    }

    fn ready_at_once(&self) -> Vec<usize> {
        (0..self.open.len()).filter(|&node| self.open[node] == 0).collect()
    }

    /// The targets that become ready because this one is finished.
    fn finish(&mut self, finished: usize) -> impl Iterator<Item = usize> {
        let open = &mut self.open;
        self.graph.wanted_by[finished].iter().copied().filter(move |&waiting| {
            open[waiting] -= 1;
            open[waiting] == 0
        })
    }
}
