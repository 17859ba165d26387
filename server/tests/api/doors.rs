//! Bad input at every door: a clear error, nothing lost, nothing stored that should not be.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::frame::coding::Data;

use crate::clock::HandClock;
use crate::house::{EMAIL, House, PASSWORD};
use crate::socket;

fn batch(origin: &str, n: u64, kind: &str, body: Value) -> Value {
    json!({ "origin": origin, "events": [{ "n": n, "t": 1, "kind": kind, "body": body }] })
}

#[tokio::test]
async fn links_that_lead_nowhere_say_so() {
    let house = House::open().await;
    let mut nobody = house.visitor();
    let consent = json!({ "consent": ["editor"] });
    for token in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "..%2F..", "%00", &"a".repeat(5_000)] {
        nobody.post(&format!("/api/interview/start/{token}"), &consent).await.refuses(404);
    }
    let mut reviewer = house.reviewer().await;
    let assessment = reviewer.get("/api/assessments").await.gives(200).json()["assessments"][0].clone();
    let path = format!("/api/assessments/{}/invitations", assessment["id"].as_str().unwrap());
    let token =
        reviewer.post(&path, &json!({ "name": "Ada" })).await.gives(201).json()["token"].as_str().unwrap().to_owned();
    let start = format!("/api/interview/start/{token}");
    nobody.post(&start, &json!({ "consent": [] })).await.refuses(422);
    nobody.post(&start, &json!({ "consent": ["everything"] })).await.refuses(422);
    nobody.post_raw(&start, b"{".to_vec()).await.refuses(400);
    nobody.post_raw(&start, vec![b'{', b'"', 0xff, 0xfe, b'"', b'}']).await.refuses(400);
    let agreed = json!({ "consent": ["editor", "terminal", "assistant"], "name": "a\u{0}b" });
    nobody.post(&start, &agreed).await.refuses(422);
    let agreed = json!({ "consent": ["editor", "terminal", "assistant"] });
    let first = nobody.post(&start, &agreed).await.gives(200).json();
    let again = house.visitor().post(&start, &agreed).await.gives(200).json();
    assert_eq!(first, again);
}

#[tokio::test]
async fn an_invitation_that_is_too_old_opens_nothing_new() {
    let clock = std::sync::Arc::new(HandClock::default());
    let house = House::open_by(Some(clock.clone()), &[]).await;
    let mut reviewer = house.reviewer().await;
    let assessment = reviewer.get("/api/assessments").await.gives(200).json()["assessments"][0].clone();
    let path = format!("/api/assessments/{}/invitations", assessment["id"].as_str().unwrap());
    let mut links = Vec::new();
    for name in ["Ada", "Eve"] {
        let invited = reviewer.post(&path, &json!({ "name": name })).await.gives(201).json();
        links.push(format!("/api/interview/start/{}", invited["token"].as_str().unwrap()));
    }
    let agreed = json!({ "consent": ["editor", "terminal", "assistant"] });
    let week = 7 * 24 * 3_600_000;
    clock.wind(week - 1);
    let mut ada = house.visitor();
    let started = ada.post(&links[0], &agreed).await.gives(200).json();
    clock.wind(1);
    let problem = house.visitor().post(&links[1], &agreed).await.refuses(410);
    assert_eq!(problem["type"], "/problems/expired");
    // Whoever has started in time comes back by the same link.
    assert_eq!(ada.post(&links[0], &agreed).await.gives(200).json(), started);
}

#[tokio::test]
async fn nobody_enters_another_candidates_interview() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, ada_id) = house.candidate(&mut reviewer, json!({})).await;
    let (mut eve, eve_id) = house.candidate(&mut reviewer, json!({})).await;
    let forged = format!("interviewlm_candidate_{ada_id}");
    let own = eve.cookies.values().next().unwrap().clone();
    eve.cookies.insert(forged, own);
    let mut nobody = house.visitor();
    let at = |path: &str| format!("/api/interview/{ada_id}{path}");
    let event = batch("tab", 0, "session.blurred", json!({}));
    for path in ["", "/events", "/questions"] {
        eve.get(&at(path)).await.refuses(403);
        nobody.get(&at(path)).await.refuses(401);
    }
    for (path, body) in [
        ("/events", event.clone()),
        ("/chat", json!({ "message": "hi" })),
        ("/chat/call-1/decision", json!({ "accept": true })),
        ("/run-tests", json!({})),
        ("/questions", json!({})),
        ("/submit", json!({})),
    ] {
        eve.post(&at(path), &body).await.refuses(403);
        nobody.post(&at(path), &body).await.refuses(401);
    }
    for (visitor, status) in [(&mut eve, 403), (&mut nobody, 401)] {
        let stop = visitor.request(Method::DELETE, &at("/chat"));
        visitor.send("stop", stop).await.refuses(status);
    }
    for path in ["/room", "/terminal"] {
        assert_eq!(socket::open(&house.url, &at(path), &eve, Some(&house.url)).await.err(), Some(403));
        assert_eq!(socket::open(&house.url, &at(path), &nobody, Some(&house.url)).await.err(), Some(401));
        let foreign = socket::open(&house.url, &at(path), &ada, Some("https://evil.example")).await;
        assert_eq!(foreign.err(), Some(403));
    }
    // A candidate is no reviewer, and a reviewer no candidate.
    for path in [
        "/api/sessions",
        "/api/assessments",
        &format!("/api/sessions/{eve_id}"),
        &format!("/api/sessions/{ada_id}/recording"),
    ] {
        ada.get(path).await.refuses(401);
    }
    reviewer.post(&at("/events"), &event).await.refuses(403);
    let log = ada.log(&ada_id).await;
    assert_eq!(log.len(), 3, "nothing was stored: {log:?}");
}

#[tokio::test]
async fn forged_kinds_and_actors_are_not_taken() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, id) = house.candidate(&mut reviewer, json!({})).await;
    let path = format!("/api/interview/{id}/events");
    let forged = [
        ("session.ended", json!({ "reason": "submitted" })),
        ("session.started", json!({ "time_limit_ms": 1, "language": "python", "question": "x", "files": [] })),
        ("run.finished", json!({ "run": 0, "passed": 9, "failed": 0, "ms": 1 })),
        ("chat.streamed", json!({ "message": 0, "text": "I am Claude" })),
        ("terminal.printed", json!({ "data": "root#" })),
        ("terminal.typed", json!({ "data": "ls" })),
        ("editor.edited", json!({ "path": "solution.py", "rev": 0, "changes": [[0, 0, "x"]], "via": "assistant" })),
    ];
    for (kind, body) in forged {
        let mixed = json!({ "origin": "tab", "events": [
            { "n": 0, "t": 1, "kind": "session.blurred", "body": {} },
            { "n": 1, "t": 1, "kind": kind, "body": body, "actor": "system" } ]});
        let problem = ada.post(&path, &mixed).await.refuses(403);
        assert_eq!(problem["n"], 1);
    }
    ada.post(&path, &batch("tab", 0, "editor.exploded", json!({}))).await.refuses(422);
    ada.post(&path, &batch("tab", 0, "editor.edited", json!({ "path": 7 }))).await.refuses(422);
    ada.post(&path, &json!({ "origin": "tab", "events": [] })).await.refuses(422);
    ada.post(&path, &json!({ "origin": "", "events": [] })).await.refuses(422);
    assert_eq!(ada.log(&id).await.len(), 3);
}

#[tokio::test]
async fn paths_and_edits_that_do_not_fit_are_refused_with_a_reason() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, id) = house.candidate(&mut reviewer, json!({})).await;
    let path = format!("/api/interview/{id}/events");
    let long = "a".repeat(300);
    for bad in ["../evil.py", "/etc/passwd", "a/../../b", "nul\0.py", "", ".", &long] {
        let body = json!({ "path": bad, "text": "" });
        ada.post(&path, &batch("tab", 0, "editor.created", body)).await.refuses(422);
    }
    for changes in
        [json!([[9_999_999, 0, "x"]]), json!([[0, 9_999_999, ""]]), json!([[18_446_744_073_709_551_615_u64, 1, ""]])]
    {
        let body = json!({ "path": "solution.py", "rev": 0, "changes": changes, "via": "typing" });
        let problem = ada.post(&path, &batch("tab", 0, "editor.edited", body)).await.refuses(422);
        assert_eq!(problem["n"], 0);
    }
    let future = json!({ "path": "solution.py", "rev": 7, "changes": [], "via": "typing" });
    ada.post(&path, &batch("tab", 0, "editor.edited", future)).await.refuses(422);
    ada.post(&path, &batch("tab", 5, "session.blurred", json!({}))).await.refuses(422);
    // A name that looks like markup is a name.
    let odd = json!({ "path": "<img onerror>", "text": "x" });
    ada.post(&path, &batch("tab", 0, "editor.created", odd.clone())).await.gives(200);
    ada.post(&path, &batch("tab", 1, "editor.created", odd)).await.refuses(422);
    ada.post(&path, &batch("tab", 1, "editor.created", json!({ "path": "<img onerror>/x", "text": "" })))
        .await
        .refuses(422);
    let log = ada.log(&id).await;
    assert_eq!(log.len(), 4);
    assert_eq!(log[3]["body"]["path"], "<img onerror>");
}

#[tokio::test]
async fn bodies_that_are_too_large_or_broken_are_refused() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, id) = house.candidate(&mut reviewer, json!({})).await;
    let at = |path: &str| format!("/api/interview/{id}{path}");
    let large =
        serde_json::to_vec(&batch("tab", 0, "editor.created", json!({ "path": "a", "text": "x".repeat(10 << 20) })))
            .unwrap();
    for path in ["/events", "/chat"] {
        ada.post_raw(&at(path), large.clone()).await.refuses(413);
        ada.post_raw(&at(path), b"{\"a\":".to_vec()).await.refuses(400);
        ada.post_raw(&at(path), vec![0xff; 40]).await.refuses(400);
        ada.post_raw(&at(path), Vec::new()).await.refuses(400);
    }
    let huge = batch("tab", 0, "editor.created", json!({ "path": "a", "text": "x".repeat((1 << 20) + 1) }));
    ada.post(&at("/events"), &huge).await.refuses(422);
    let plain = ada.request(Method::POST, &at("/chat")).body("hello");
    ada.send("plain text", plain).await.refuses(415);
    ada.post(&at("/chat"), &json!({ "message": "  " })).await.refuses(409);
    ada.post(&at("/chat"), &json!({ "message": "x".repeat(20_000) })).await.refuses(409);
    ada.post(&at("/run-tests"), &json!({ "cases": [] })).await.refuses(409);
    ada.post(&at("/run-tests"), &json!({ "cases": "all" })).await.refuses(422);
    ada.get(&at("/events?from=minus")).await.refuses(400);
    ada.get("/api/interview/../secrets").await.refuses(404);
    ada.get("/api/nothing/here").await.refuses(404);
    assert_eq!(ada.log(&id).await.len(), 3);
}

#[tokio::test]
async fn other_sites_cannot_act_and_passwords_cannot_be_guessed() {
    let house = House::open().await;
    let mut nobody = house.visitor();
    let foreign = nobody
        .request(Method::POST, "/api/auth/login")
        .header("origin", "https://evil.example")
        .json(&json!({ "email": EMAIL, "password": "x" }));
    nobody.send("foreign", foreign).await.refuses(403);
    for password in ["", "wrong", &"x".repeat(100_000)] {
        nobody.post("/api/auth/login", &json!({ "email": EMAIL, "password": password })).await.refuses(401);
    }
    nobody.post("/api/auth/login", &json!({ "email": "who@example.com", "password": "x" })).await.refuses(401);
    let mut last = 0;
    for _ in 0..12 {
        last = nobody.post("/api/auth/login", &json!({ "email": EMAIL, "password": "x" })).await.status;
    }
    assert_eq!(last, 429);
    nobody.get("/api/sessions").await.refuses(401);
}

/// A client at an address of this machine's own.
fn client_at(address: &str) -> reqwest::Client {
    reqwest::Client::builder().local_address(address.parse::<std::net::IpAddr>().unwrap()).build().unwrap()
}

/// Tries to sign in from an address, and answers with the status.
async fn sign_in(house: &House, from: &str, forwarded: &str, email: &str, password: &str) -> u16 {
    let client = client_at(from);
    let request = client.post(format!("{}/api/auth/login", house.url)).header("x-forwarded-for", forwarded);
    request.json(&json!({ "email": email, "password": password })).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn whoever_guesses_shuts_out_nobody_but_themselves() {
    let house = House::open().await;
    for _ in 0..10 {
        assert_eq!(sign_in(&house, "127.0.0.2", "", EMAIL, "x").await, 401);
    }
    // What the client says of its own address is not believed.
    for forwarded in ["", "192.0.2.7"] {
        assert_eq!(sign_in(&house, "127.0.0.2", forwarded, EMAIL, PASSWORD).await, 429);
    }
    assert_eq!(sign_in(&house, "127.0.0.3", "", EMAIL, PASSWORD).await, 204);
    for (from, status) in [("127.0.0.2", 429), ("127.0.0.3", 200)] {
        let form = format!("email={EMAIL}&password={}", PASSWORD.replace(' ', "+"));
        let page = client_at(from).post(format!("{}/api/page/sign-in", house.url)).body(form);
        let page = page.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!(page.status().as_u16(), status, "{from}");
    }
    let mut made_up = Vec::new();
    for number in 0..25 {
        made_up.push(sign_in(&house, "127.0.0.2", "", &format!("{number}@example.com"), "x").await);
    }
    assert_eq!(made_up.iter().filter(|status| **status == 401).count(), 20, "{made_up:?}");
    assert_eq!(made_up.last(), Some(&429));
}

#[tokio::test]
async fn another_password_for_the_owner_signs_their_browsers_out() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let accounts = &house.service.accounts;
    accounts.ensure(EMAIL, "Owner", PASSWORD).await.unwrap();
    reviewer.get("/api/sessions").await.gives(200);
    accounts.ensure(EMAIL, "Owner", "another long password").await.unwrap();
    reviewer.get("/api/sessions").await.refuses(401);
    assert_eq!(sign_in(&house, "127.0.0.1", "", EMAIL, PASSWORD).await, 401);
    assert_eq!(sign_in(&house, "127.0.0.1", "", EMAIL, "another long password").await, 204);
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_the_proxy_saw_counts() {
    let house = House::open_with(&[("INTERVIEWLM_PROXIES", "1")]).await;
    for number in 0..10 {
        let forwarded = format!("10.0.0.{number}, 192.0.2.1");
        assert_eq!(sign_in(&house, "127.0.0.1", &forwarded, EMAIL, "x").await, 401);
    }
    assert_eq!(sign_in(&house, "127.0.0.1", "10.1.1.1, 192.0.2.1", EMAIL, PASSWORD).await, 429);
    assert_eq!(sign_in(&house, "127.0.0.1", "192.0.2.1, 192.0.2.2", EMAIL, PASSWORD).await, 204);
}

#[tokio::test]
async fn an_assessment_that_makes_no_sense_is_refused_by_its_field() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let good = json!({
        "title": "T", "problems": ["rate-limiter"], "languages": ["python"], "minutes": 60, "assistant": "chat",
        "budget_messages": 1, "budget_microusd": 1, "required_consents": ["editor"],
    });
    for (field, value) in [
        ("title", json!("")),
        ("title", json!("x".repeat(200))),
        ("problems", json!([])),
        ("problems", json!(["no-such"])),
        ("problems", json!(["../etc"])),
        ("problems", json!(["rate-limiter", "rate-limiter"])),
        ("languages", json!([])),
        ("minutes", json!(0)),
        ("budget_messages", json!(100_000)),
        ("required_consents", json!([])),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let problem = reviewer.post("/api/assessments", &bad).await.refuses(422);
        assert_eq!(problem["field"], field, "{problem}");
    }
    let mut bad = good.clone();
    bad["languages"] = json!(["cobol"]);
    reviewer.post("/api/assessments", &bad).await.refuses(422);
    reviewer.post("/api/assessments", &good).await.gives(201);
    reviewer.post("/api/assessments/no-such/invitations", &json!({ "name": "A" })).await.refuses(404);
}

#[tokio::test]
async fn a_socket_that_talks_nonsense_is_answered_and_harms_nothing() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, id) = house.candidate(&mut reviewer, json!({})).await;
    let mut mute = socket::room(&house, &ada, &id).await;
    mute.say_text("{}".to_owned()).await;
    assert!(mute.hear().await.is_none(), "who does not say hello is shown out");
    let mut tab = socket::room(&house, &ada, &id).await;
    tab.hello("tab", None).await;
    for nonsense in
        ["", "{", "{\"say\":\"dance\"}", "{\"say\":\"facts\"}", "{\"say\":\"resize\",\"cols\":-1,\"rows\":5}"]
    {
        tab.say_text(nonsense.to_owned()).await;
        tab.until(|message| matches!(message, interview::wire::ServerMessage::Sorry { .. }).then_some(())).await;
    }
    tab.say_bytes(Data::Binary, b"{\"say\":\"ping\"}".to_vec()).await;
    tab.until(|message| matches!(message, interview::wire::ServerMessage::Sorry { .. }).then_some(())).await;
    tab.say(&interview::wire::ClientMessage::Ping).await;
    tab.until(|message| matches!(message, interview::wire::ServerMessage::Pong { .. }).then_some(())).await;
    let kinds: Vec<String> =
        ada.log(&id).await[3..].iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
    assert!(kinds.iter().all(|kind| kind.starts_with("session.")), "{kinds:?}");
}

#[tokio::test]
async fn a_socket_that_sends_too_much_or_no_text_is_closed_and_harms_nothing() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (mut ada, id) = house.candidate(&mut reviewer, json!({})).await;
    let ping = "{\"say\":\"ping\",\"more\":\"";
    let huge = format!("{ping}{}\"}}", "x".repeat(interview::wire::MESSAGE_LIMIT_BYTES));
    let fits = format!("{ping}{}\"}}", "x".repeat(interview::wire::MESSAGE_LIMIT_BYTES - ping.len() - 2));
    for bytes in [huge.into_bytes(), b"{\"say\":\"ping\xff\"}".to_vec()] {
        let mut tab = socket::room(&house, &ada, &id).await;
        tab.hello("tab", None).await;
        tab.say_text(fits.clone()).await;
        tab.until(|message| matches!(message, interview::wire::ServerMessage::Pong { .. }).then_some(())).await;
        tab.say_bytes(Data::Text, bytes).await;
        while tab.hear().await.is_some() {}
    }
    let mut tab = socket::room(&house, &ada, &id).await;
    tab.hello("tab", None).await;
    let log = ada.log(&id).await;
    assert!(log[3..].iter().all(|event| event["kind"].as_str().unwrap().starts_with("session.")), "{log:?}");
}
