//! Lists of interviews: filtered, searched, sorted, in pages.

use service::ports::catalog::{Interview, InterviewFilter, InterviewProgress, InterviewSort, InterviewState};
use service::ports::{Catalog, PortError};

use super::samples::{assessment, interview, interview_id, start};

on_every_store! {
    an_interview_is_read_back_whole,
    progress_is_noted,
    progress_of_an_unknown_interview_is_refused,
    due_interviews_were_handed_in_or_run_out_of_time,
    a_list_is_filtered_by_state_and_assessment,
    a_list_is_sorted_as_asked,
    a_list_is_sorted_by_duration_and_what_goes_on_comes_last,
    equal_rows_keep_one_order_on_every_page,
    a_page_past_the_end_is_empty_and_still_knows_the_total,
    a_search_looks_through_name_address_and_title_in_any_case,
    a_search_takes_every_character_literally,
    a_search_may_be_long_or_strange,
}

async fn an_interview_is_read_back_whole(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    let ended = Interview {
        email: Some("Omer@Example.org".to_owned()),
        state: InterviewState::Ended,
        ended_at: Some(1_700_000_000_001),
        tests_passed: 3,
        tests_total: u32::MAX,
        ..interview("i", "1")
    };
    start(&store, &ended).await;
    assert_eq!(store.interview(&ended.id).await.unwrap(), Some(ended));
    assert_eq!(store.interview(&interview_id("j")).await.unwrap(), None);
}

async fn progress_is_noted(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    start(&store, &interview("i", "1")).await;
    start(&store, &interview("j", "1")).await;
    store.note_progress(&interview_id("i"), &ended_with(5, 8)).await.unwrap();
    let expected = Interview {
        state: InterviewState::Ended,
        ended_at: Some(9),
        tests_passed: 5,
        tests_total: 8,
        ..interview("i", "1")
    };
    assert_eq!(store.interview(&interview_id("i")).await.unwrap(), Some(expected));
    assert_eq!(store.interview(&interview_id("j")).await.unwrap(), Some(interview("j", "1")));
}

async fn progress_of_an_unknown_interview_is_refused(store: impl Catalog) {
    let refused = store.note_progress(&interview_id("i"), &ended_with(0, 0)).await;
    assert!(matches!(refused, Err(PortError::Unavailable(_))));
}

fn ended_with(tests_passed: u32, tests_total: u32) -> InterviewProgress {
    InterviewProgress { state: InterviewState::Ended, ended_at: Some(9), tests_passed, tests_total }
}

async fn due_interviews_were_handed_in_or_run_out_of_time(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    for (id, deadline_at) in [("c", 100), ("a", 200), ("b", 99), ("d", 100)] {
        start(&store, &Interview { deadline_at, ..interview(id, "1") }).await;
    }
    store.note_progress(&interview_id("d"), &ended_with(0, 0)).await.unwrap();
    assert_eq!(store.due_to_end(100).await.unwrap(), [interview_id("b"), interview_id("c")]);
    assert_eq!(store.due_to_end(98).await.unwrap(), []);
    assert_eq!(store.due_to_end(u64::MAX).await.unwrap().len(), 3);

    let submitted = InterviewProgress { state: InterviewState::Submitted, ended_at: None, ..ended_with(0, 0) };
    store.note_progress(&interview_id("a"), &submitted).await.unwrap();
    assert_eq!(store.due_to_end(98).await.unwrap(), [interview_id("a")], "handed in, so its last run is due");
}

async fn a_list_is_filtered_by_state_and_assessment(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    store.put_assessment(&assessment("2", "Frontend")).await.unwrap();
    for (id, assessment) in [("a", "1"), ("b", "2"), ("c", "2")] {
        start(&store, &interview(id, assessment)).await;
    }
    store.note_progress(&interview_id("b"), &ended_with(0, 0)).await.unwrap();

    let of_two = InterviewFilter { assessment: Some("2".to_owned()), ..oldest() };
    assert_eq!(listed(&store, &oldest()).await, ["a", "b", "c"]);
    assert_eq!(listed(&store, &of_two).await, ["b", "c"]);
    let ended = InterviewFilter { state: Some(InterviewState::Ended), ..oldest() };
    assert_eq!(listed(&store, &ended).await, ["b"]);
    let running_of_two = InterviewFilter { state: Some(InterviewState::Running), ..of_two };
    assert_eq!(listed(&store, &running_of_two).await, ["c"]);
    let of_none = InterviewFilter { assessment: Some("3".to_owned()), ..oldest() };
    assert_eq!(listed(&store, &of_none).await, Vec::<String>::new());
}

async fn a_list_is_sorted_as_asked(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    let rows = [("a", "bob", 30, 1, 2), ("b", "Ann", 10, 3, 6), ("c", "ann Bee", 20, 2, 2), ("d", "Émile", 40, 0, 0)];
    for (id, candidate, started_at, tests_passed, tests_total) in rows {
        let row =
            Interview { candidate: candidate.to_owned(), started_at, tests_passed, tests_total, ..interview(id, "1") };
        start(&store, &row).await;
    }
    let sorted = |sort| InterviewFilter { sort, ..oldest() };
    assert_eq!(listed(&store, &sorted(InterviewSort::Newest)).await, ["d", "a", "c", "b"]);
    assert_eq!(listed(&store, &sorted(InterviewSort::Oldest)).await, ["b", "c", "a", "d"]);
    assert_eq!(listed(&store, &sorted(InterviewSort::Candidate)).await, ["b", "c", "a", "d"]);
    assert_eq!(listed(&store, &sorted(InterviewSort::CandidateReversed)).await, ["d", "a", "c", "b"]);
    assert_eq!(listed(&store, &sorted(InterviewSort::Passed)).await, ["c", "b", "a", "d"]);
    assert_eq!(listed(&store, &sorted(InterviewSort::PassedLeast)).await, ["d", "a", "b", "c"]);
}

async fn a_list_is_sorted_by_duration_and_what_goes_on_comes_last(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    for (id, started_at, ended_at) in [("a", 10, Some(60)), ("b", 20, None), ("c", 30, Some(40)), ("d", 40, None)] {
        start(&store, &Interview { started_at, ..interview(id, "1") }).await;
        if ended_at.is_some() {
            let progress = InterviewProgress { ended_at, ..ended_with(0, 0) };
            store.note_progress(&interview_id(id), &progress).await.unwrap();
        }
    }
    let sorted = |sort| InterviewFilter { sort, ..oldest() };
    assert_eq!(listed(&store, &sorted(InterviewSort::Longest)).await, ["a", "c", "d", "b"]);
    assert_eq!(listed(&store, &sorted(InterviewSort::Shortest)).await, ["c", "a", "d", "b"]);
}

async fn equal_rows_keep_one_order_on_every_page(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    for id in ["e", "a", "d", "b", "c"] {
        start(&store, &interview(id, "1")).await;
    }
    let (up, down) = (["a", "b", "c", "d", "e"], ["e", "d", "c", "b", "a"]);
    for (sort, expected) in [
        (InterviewSort::Newest, down),
        (InterviewSort::Oldest, up),
        (InterviewSort::Candidate, up),
        (InterviewSort::CandidateReversed, down),
        (InterviewSort::Passed, down),
        (InterviewSort::PassedLeast, down),
        (InterviewSort::Longest, down),
        (InterviewSort::Shortest, down),
    ] {
        let mut paged = Vec::new();
        for offset in [0, 2, 4] {
            paged.extend(listed(&store, &InterviewFilter { sort, offset, limit: 2, ..oldest() }).await);
        }
        assert_eq!(paged, expected, "{sort:?}");
    }
}

async fn a_page_past_the_end_is_empty_and_still_knows_the_total(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    for id in ["a", "b", "c"] {
        start(&store, &interview(id, "1")).await;
    }
    for (offset, limit, rows) in [(0, 2, 2), (2, 2, 1), (3, 2, 0), (u32::MAX, u32::MAX, 0), (0, 0, 0)] {
        let page = store.interviews(&InterviewFilter { offset, limit, ..oldest() }).await.unwrap();
        assert_eq!((page.rows.len(), page.total), (rows, 3), "offset {offset}, limit {limit}");
    }
}

async fn a_search_looks_through_name_address_and_title_in_any_case(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Größere Systeme")).await.unwrap();
    store.put_assessment(&assessment("2", "Frontend")).await.unwrap();
    start(&store, &named("a", "Ömer Ünal", None, "1")).await;
    start(&store, &named("b", "Zoë", Some("Zoe@Example.org"), "2")).await;

    for (search, found) in [
        ("ömer", &["a"][..]),
        ("ÖMER Ü", &["a"]),
        ("ZOË", &["b"]),
        ("zoe@example", &["b"]),
        ("GRÖSS", &[]),
        ("GRÖßE", &["a"]),
        ("front", &["b"]),
        ("E", &["a", "b"]),
        ("", &["a", "b"]),
        ("nobody", &[]),
    ] {
        assert_eq!(listed(&store, &searching(search)).await, found, "{search:?}");
    }
}

async fn a_search_takes_every_character_literally(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    let names = [("a", "100% Ann"), ("b", "snake_case"), ("c", r"back\slash"), ("d", "O'Neil \"Bob\""), ("e", "plain")];
    for (id, name) in names {
        start(&store, &named(id, name, None, "1")).await;
    }
    for (search, found) in [
        ("%", &["a"][..]),
        ("0%", &["a"]),
        ("0% a", &["a"]),
        ("_", &["b"]),
        ("e_c", &["b"]),
        (r"\", &["c"]),
        (r"k\s", &["c"]),
        ("o'n", &["d"]),
        ("\"", &["d"]),
        ("' or 1=1 --", &[]),
        ("%%", &[]),
        ("p_ain", &[]),
        ("*", &[]),
        ("[a-z]", &[]),
    ] {
        assert_eq!(listed(&store, &searching(search)).await, found, "{search:?}");
    }
}

async fn a_search_may_be_long_or_strange(store: impl Catalog) {
    store.put_assessment(&assessment("1", "Backend")).await.unwrap();
    start(&store, &named("a", "Nul\0l", Some("x@example.org"), "1")).await;
    assert_eq!(listed(&store, &searching("nul\0l")).await, ["a"]);
    assert_eq!(listed(&store, &searching("l\nx@")).await, Vec::<String>::new());
    assert_eq!(listed(&store, &searching(&"%".repeat(100_000))).await, Vec::<String>::new());
}

fn named(id: &str, candidate: &str, email: Option<&str>, assessment: &str) -> Interview {
    Interview { candidate: candidate.to_owned(), email: email.map(str::to_owned), ..interview(id, assessment) }
}

fn searching(search: &str) -> InterviewFilter {
    InterviewFilter { search: Some(search.to_owned()), ..oldest() }
}

fn oldest() -> InterviewFilter {
    InterviewFilter { sort: InterviewSort::Oldest, limit: 100, ..InterviewFilter::default() }
}

async fn listed(store: &impl Catalog, filter: &InterviewFilter) -> Vec<String> {
    store.interviews(filter).await.unwrap().rows.into_iter().map(|row| row.id.to_string()).collect()
}
