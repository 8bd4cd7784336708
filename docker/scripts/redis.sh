#!/bin/sh
# Starts Redis with two users, whose passwords lie in files: `tidemark` counts, `reader` only reads. What is appended goes
# to redis-server.
set -eu

: "${TIDEMARK_PASSWORD_FILE:=/run/secrets/redis-password}"
: "${READER_PASSWORD_FILE:=/run/secrets/redis-reader-password}"
: "${USERS_FILE:=/tmp/users.acl}"

hash_of() {
  [ -s "$1" ] || {
    echo "redis.sh: $1 is missing or empty; docker/secrets.sh makes it" >&2
    exit 1
  }
  printf '%s' "$(cat "$1")" | sha256sum | cut -d ' ' -f 1
}

counting=$(hash_of "$TIDEMARK_PASSWORD_FILE")
reading=$(hash_of "$READER_PASSWORD_FILE")
umask 077
cat >"$USERS_FILE" <<END
user default off
user tidemark on #$counting ~tidemark:* &tidemark:* +evalsha +eval +exists +type +time +hget +hmget +hset +hdel +hkeys +hexists +hgetall +hincrby +zadd +zincrby +zrem +zrange +zrevrange +zrangebyscore +zmscore +zremrangebyrank +zcard +zscore +sadd +srem +smembers +del +unlink +scan +publish +info +select
user reader on #$reading ~tidemark:* &tidemark:* +evalsha +eval +exists +type +time +hget +hmget +hkeys +hgetall +zrange +zrevrange +zrangebyscore +zrevrangebyscore +zscore +zmscore +zunion +smembers +subscribe +multi +exec +info +select
END

# Counts and marks are only as durable as this file; a second of it may be lost, and is then counted again.
exec redis-server --aclfile "$USERS_FILE" --appendonly yes --appendfsync everysec --maxmemory-policy noeviction "$@"
