// The doors: signing in, and the links that candidates are sent.

import { OWNER } from "../house";
import { expect, expectAccessible, test } from "../stage";

test("a wrong password is told in one sentence, and the right one opens the dashboard", async ({ newcomer }) => {
  const page = await newcomer();
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/login/);
  await expectAccessible(page);
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("That e-mail address and password do not belong together.");
  await expectAccessible(page);
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/dashboard$/);
  await expect(page.getByRole("heading", { name: "Dashboard" })).toBeVisible();
});

test("the first page says what this is, and leads on", async ({ newcomer }) => {
  const page = await newcomer();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Technical interviews you can replay");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("an unknown link says so, and what to do", async ({ newcomer }) => {
  const page = await newcomer();
  const answer = await page.goto("/interview/start/0000000000000000000000000000000000000000000");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "This link is not known" })).toBeVisible();
  await expect(page.getByText("ask whoever invited you for a new one")).toBeVisible();
  await expectAccessible(page);
});

test("an expired link says so, and what to do", async ({ newcomer, invite, house }) => {
  const page = await newcomer();
  const link = await invite();
  await house.letInvitationsExpire();
  const answer = await page.goto(link);
  expect(answer?.status()).toBe(410);
  await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  await expect(page.getByText("nothing was started with it")).toBeVisible();
  await expectAccessible(page);
});

test("without JavaScript the start page is a plain form, and the server checks what was agreed to", async ({ newcomer, invite }) => {
  const page = await newcomer({ javaScriptEnabled: false });
  const link = await invite();
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1, name: "Backend engineer" })).toBeVisible();
  await page.getByRole("button", { name: "Start interview" }).click();
  await expect(page.getByRole("button", { name: "Start interview" })).toBeVisible();
  for (const name of ["Editor", "Terminal", "Assistant"]) await page.getByRole("checkbox", { name }).check();
  await page.getByRole("button", { name: "Start interview" }).click();
  await expect(page).toHaveURL(/\/interview\/(?!start)[^/]+$/);
  await page.goto(link);
  await expect(page.getByText("You have already started this interview")).toBeVisible();
  await page.getByRole("button", { name: "Continue interview" }).click();
  await expect(page).toHaveURL(/\/interview\/(?!start)[^/]+$/);
});

test("without JavaScript the first page leads to the door, and the door opens", async ({ newcomer }) => {
  const page = await newcomer({ javaScriptEnabled: false });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Technical interviews you can replay");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("That e-mail address and password do not belong together.");
  await page.getByLabel("Email").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Dashboard" })).toBeVisible();
});
