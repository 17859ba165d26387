# Everything a fresh machine needs is behind these names; scripts/ says how.

.PHONY: help run test setup build watch bench sandbox-image

help:
	@echo "make run      install what is missing, build, and start InterviewLM on http://127.0.0.1:3000"
	@echo "make test     install what is missing and run every check"
	@echo "make setup    install what is missing, and nothing else"
	@echo "make build    leave a release in target/release/server and target/site"
	@echo "make watch    rebuild and reload while you edit"
	@echo "make bench    measure"
	@echo "make sandbox-image  make the image for boxes on a container engine"

run:
	@scripts/run.sh

test:
	@scripts/test.sh

setup:
	@scripts/setup.sh

build:
	@scripts/setup.sh
	@scripts/build.sh

watch:
	@scripts/watch.sh

bench:
	@scripts/bench.sh

sandbox-image:
	@scripts/sandbox-image.sh
