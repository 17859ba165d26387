// Takes a picture of every page, for people to look at: `npm run screenshots -w end2end`, into $SCREENSHOTS.

import stories from "./playwright.config";

export default { ...stories, testDir: ".", testMatch: "screenshots.ts" };
