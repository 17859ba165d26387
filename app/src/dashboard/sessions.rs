//! The list of sessions: what the address asks for, in its order, a page at a time.

use leptos::prelude::*;

use super::filters::Filters;
use super::query::{PAGE_ROWS, SessionQuery, SessionSort};
use super::rows::{SessionPage, SessionRow, SessionState};
use super::{Desk, Sessions};
use crate::shell::error::AppError;
use crate::ui::time::{Moment, duration};

/// The sessions that the address asks for.
#[component]
pub fn SessionsCard(
    /// The desk they lie on.
    desk: Desk,
    /// What the address asks for.
    query: Memo<SessionQuery>,
    /// What came of it.
    sessions: Sessions,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="sessions">
            <header class="card-header"><h2 id="sessions">"Sessions"</h2></header>
            <Filters desk query/>
            <Transition fallback=|| view! { <div class="skeleton skeleton-card" aria-busy="true"></div> }>
                {move || {
                    let query = query.get();
                    Suspend::new(async move {
                        match sessions.await {
                            Ok(page) => view! { <Listed page query desk/> }.into_any(),
                            Err(error) => view! { <NotListed error sessions/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </section>
    }
}

#[component]
fn Listed(
    /// What was found.
    page: SessionPage,
    /// What was asked for.
    query: SessionQuery,
    /// The desk it lies on.
    desk: Desk,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! { <NoSessions total=page.total query desk/> }.into_any();
    }
    let shown = page.rows.len();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Table of sessions">
            <table class="table">
                <thead>
                    <tr>
                        <SortedBy
                            name="Candidate"
                            query=query.clone()
                            first=SessionSort::Candidate
                            up=SessionSort::Candidate
                            down=SessionSort::CandidateReversed
                        />
                        <th scope="col">"Assessment"</th>
                        <th scope="col">"State"</th>
                        <SortedBy
                            name="Started (UTC)"
                            query=query.clone()
                            first=SessionSort::Newest
                            up=SessionSort::Oldest
                            down=SessionSort::Newest
                        />
                        <SortedBy
                            name="Duration"
                            query=query.clone()
                            first=SessionSort::Longest
                            up=SessionSort::Shortest
                            down=SessionSort::Longest
                        />
                        <SortedBy
                            name="Tests passed"
                            query=query.clone()
                            first=SessionSort::Passed
                            up=SessionSort::PassedLeast
                            down=SessionSort::Passed
                        />
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(|row| view! { <SessionLine row/> }).collect_view()}</tbody>
            </table>
        </div>
        <Pages query shown total=page.total/>
    }
    .into_any()
}

/// The head of a column that the list may be sorted by.
#[component]
fn SortedBy(
    /// What the column shows.
    name: &'static str,
    /// How the list is sorted now.
    query: SessionQuery,
    /// The order to begin with.
    first: SessionSort,
    /// The order that begins with the least.
    up: SessionSort,
    /// The order that begins with the most.
    down: SessionSort,
) -> impl IntoView {
    let direction = [(up, "ascending"), (down, "descending")].into_iter().find(|(sort, _)| *sort == query.sort);
    let direction = direction.map(|(_, name)| name);
    let other = if first == up { down } else { up };
    let next = if query.sort == first { other } else { first };
    view! {
        <th scope="col" aria-sort=direction>
            <a class="table-sort" href=query.sorted(next).address() data-noscroll="">{name}</a>
        </th>
    }
}

#[component]
fn SessionLine(
    /// The session.
    row: SessionRow,
) -> impl IntoView {
    let (class, sofar) = match row.state {
        SessionState::Running => ("badge badge-info", " so far"),
        SessionState::Submitted | SessionState::Ended => ("badge", ""),
    };
    view! {
        <tr>
            <td>
                // The replay holds editors with a policy of their own: it is a document of its own.
                <a class="table-link" href=format!("/replay/{}", row.id) rel="external">{row.candidate}</a>
                {row.email.map(|email| view! { " " <span class="table-note">{email}</span> })}
            </td>
            <td>{row.assessment}</td>
            <td><span class=class>{row.state.title()}</span></td>
            <td><Moment at=row.started_at/></td>
            <td class="numeric">{duration(row.duration_millis)} {sofar}</td>
            <td class="numeric">{tests(row.tests_passed, row.tests_total)}</td>
        </tr>
    }
}

fn tests(passed: u32, total: u32) -> String {
    match total {
        0 => "Not run".to_owned(),
        total => format!("{passed} / {total}"),
    }
}

#[component]
fn Pages(
    /// What was asked for.
    query: SessionQuery,
    /// How many rows show.
    shown: usize,
    /// How many there are in all.
    total: u32,
) -> impl IntoView {
    let first = query.offset() + 1;
    let last = query.offset() + u32::try_from(shown).unwrap_or(PAGE_ROWS);
    let previous = (query.page > 1).then(|| query.turned_to(query.page - 1).address());
    let next = (last < total).then(|| query.turned_to(query.page + 1).address());
    view! {
        <nav class="pages" aria-label="Pages">
            <span role="status">{format!("{first}–{last} of {total}")}</span>
            <PageLink name="Previous" address=previous/>
            <PageLink name="Next" address=next/>
        </nav>
    }
}

#[component]
fn PageLink(
    /// What it says.
    name: &'static str,
    /// Where it leads, where it leads anywhere.
    address: Option<String>,
) -> impl IntoView {
    match address {
        Some(address) => view! { <a class="button button-small" href=address data-noscroll="">{name}</a> }.into_any(),
        None => view! { <a class="button button-small" role="link" aria-disabled="true">{name}</a> }.into_any(),
    }
}

/// There is nothing to list, and why.
#[component]
fn NoSessions(
    /// How many there are on other pages.
    total: u32,
    /// What was asked for.
    query: SessionQuery,
    /// The desk it lies on.
    desk: Desk,
) -> impl IntoView {
    if total > 0 {
        let first = query.turned_to(1).address();
        return view! {
            <div class="empty">
                <h3>"This page is empty"</h3>
                <p>"The list has become shorter, or the address asks for too much."</p>
                <a class="button" href=first>"Go to the first page"</a>
            </div>
        }
        .into_any();
    }
    if query.is_filtered() {
        return view! {
            <div class="empty" role="status">
                <h3>"No session matches"</h3>
                <p>"Look for less, or for a part of the name. All sessions are still there."</p>
                <a class="button" href="/dashboard" data-noscroll="">"Show all sessions"</a>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="empty">
            <h3>"No sessions yet"</h3>
            <p>
                "Invite somebody, and send them the link. Their session shows here as soon as they start, and you can \
                 replay it while it is still running."
            </p>
            <button
                class="button"
                type="button"
                disabled=move || !desk.alive.get()
                on:click=move |_| desk.inviting.set(Some(String::new()))
            >
                "Invite somebody"
            </button>
        </div>
    }
    .into_any()
}

/// The list could not be loaded.
#[component]
fn NotListed(
    /// Why.
    error: AppError,
    /// What to load again.
    sessions: Sessions,
) -> impl IntoView {
    view! {
        <div class="card-body">
            <div class="callout callout-bad" role="alert">
                <strong class="callout-title">"The sessions cannot be listed"</strong>
                <p>{error.sentence()}</p>
                <p>"Every recording is safe."</p>
            </div>
            <div class="button-row">
                <button class="button" type="button" on:click=move |_| sessions.refetch()>"Try again"</button>
            </div>
        </div>
    }
}
