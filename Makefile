# Everything that people type. `make help` lists it.
SHELL := /bin/bash
MVN ?= mvn
MVN_FLAGS ?= -B -ntp
BUILT := app/target/.built
BENCH_RECORDS ?= 2000000
BENCH_ROUNDS ?= 3
PARALLEL_RECORDS ?= 1000000
READ_EVENTS ?= 10000
READ_SECONDS ?= 10
READERS ?= 2000
MINUTES ?= 10
ARMS ?= raw,stock,four,wiki,verify,live-stock,live-four
SOURCES := $(shell find pom.xml src trident drpc app -name target -prune -o \
             \( -path '*main/*' -type f -o -name pom.xml \) -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run build test check package format bench bench-read bench-parallel compare chaos clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(BUILT) ## build what is missing and start the whole service on this machine
	@exec ./tidemark run

build: $(BUILT) ## build the tidemark command without running tests

$(BUILT): $(SOURCES)
	@echo "Building Tidemark (the first time Maven downloads about 200 MB) ..."
	@$(MVN) $(MVN_FLAGS) -DskipTests -Dspotless.check.skip -Denforcer.skip package \
	  | awk '/Building Tidemark|BUILD|ERROR/ { print "  " $$0; fflush() }'; exit $${PIPESTATUS[0]}
	@touch $@

test: ## all tests, with real Kafka, Redis, ZooKeeper and Storm
	$(MVN) $(MVN_FLAGS) verify
	@touch $(BUILT)
	@find . -path '*-reports/TEST-*.xml' -newer pom.xml -exec grep -ho 'Exception: NOT RUN: [^<]*' {} + \
	  | sed 's/^Exception: //' | sort | uniq -c || true

check: ## format, lint and unit tests only
	$(MVN) $(MVN_FLAGS) test

bench: ## how fast it is, beside a raw loop and stock Trident parts (BENCH_RECORDS, BENCH_ROUNDS, ARMS)
	@$(MVN) $(MVN_FLAGS) -q -Pbench -DskipTests -pl bench -am package
	@java -cp 'bench/target/classes:bench/target/lib/*' io.tidemark.bench.Bench \
	  bench/target/data $(BENCH_RECORDS) $(BENCH_ROUNDS) $(ARMS)

bench-read: $(BUILT) ## how fast it answers over DRPC, gateway and Redis while events flow (READ_EVENTS, READ_SECONDS, READERS)
	@$(MVN) $(MVN_FLAGS) -q -Pbench -DskipTests -pl bench -am package
	@java -cp 'bench/target/classes:bench/target/lib/*' io.tidemark.bench.read.ReadBench \
	  bench/target/read $(CURDIR)/tidemark $(READ_EVENTS) $(READ_SECONDS) $(READERS)

bench-parallel: ## how fast 1, 2 and 4 emitters and parsers are on a cluster of processes with 2 workers (PARALLEL_RECORDS)
	@$(MVN) $(MVN_FLAGS) -q -DskipTests -Dspotless.check.skip -Denforcer.skip -pl app -am \
	  package dependency:build-classpath -Dmdep.outputFile=target/test-classpath
	@exec java -cp "$(CURDIR)/app/target/test-classes:$(CURDIR)/app/target/classes:$(CURDIR)/trident/target/test-classes:$$(cat app/target/test-classpath)" \
	  io.tidemark.app.cluster.ParallelismRun $(PARALLEL_RECORDS) $(BENCH_ROUNDS)

compare: ## the same faults for stock Trident parts and for ours: what each has counted in the end
	@$(MVN) $(MVN_FLAGS) -q -Pbench -DskipTests -pl bench -am package
	@java -cp 'bench/target/classes:bench/target/lib/*' io.tidemark.bench.compare.Compare \
	  bench/target/compare $(COMPARE_FAULTS)

chaos: ## random faults in the simulator, on a service and on a cluster under load (MINUTES, SEED, PARTS=simulator,service,cluster)
	@echo "Building what make chaos needs ..."
	@$(MVN) $(MVN_FLAGS) -q -Dstyle.color=never -DskipTests -Dspotless.check.skip -Denforcer.skip -pl app -am \
	  package dependency:build-classpath -Dmdep.outputFile=target/test-classpath
	@exec java -cp "$(CURDIR)/app/target/test-classes:$(CURDIR)/app/target/classes:$(CURDIR)/trident/target/test-classes:$$(cat app/target/test-classpath)" \
	  io.tidemark.app.chaos.Chaos app/target/chaos $(MINUTES) "$(PARTS)" $(SEED)

package: ## the jars, built reproducibly, without running tests
	$(MVN) $(MVN_FLAGS) -DskipTests package
	@touch $(BUILT)

format: ## format the code
	$(MVN) $(MVN_FLAGS) -q spotless:apply

clean: ## remove what was built; the data folder stays
	$(MVN) $(MVN_FLAGS) -q clean
