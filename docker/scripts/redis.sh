#!/bin/sh
# Starts Redis with two users, whose passwords lie in files: `tidemark` counts, `reader` only reads. What is appended goes
# to redis-server.
set -eu

: "${TIDEMARK_PASSWORD_FILE:=/run/secrets/redis-password}"
: "${READER_PASSWORD_FILE:=/run/secrets/redis-reader-password}"
: "${USERS_FILE:=/tmp/users.acl}"
: "${REDIS_DATA:=/data}"

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

# A crash of the machine may tear the last commit in the append-only file. Redis would leave part of it there and execute
# that at the start after this one, so it is cut off first, but not what is more than a commit can be: that is for a person.
manifest=$REDIS_DATA/appendonlydir/appendonly.aof.manifest
if [ -f "$manifest" ]; then
  torn=$(redis-check-aof "$manifest" 2>&1 | sed -n 's/.*diff=\([0-9]*\).*/\1/p' | tail -n 1)
  if [ "${torn:-0}" -gt 0 ] && [ "$torn" -le 67108864 ]; then
    echo "redis.sh: the append-only file ends with $torn bytes of something that was torn; they are cut off" >&2
    echo y | redis-check-aof --fix "$manifest" >&2
  fi
fi

# Counts and marks are only as durable as this file; a second of it may be lost, and is then counted again.
exec redis-server --aclfile "$USERS_FILE" --appendonly yes --appendfsync everysec --maxmemory-policy noeviction "$@"
