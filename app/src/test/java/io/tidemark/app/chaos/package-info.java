/**
 * Long campaigns by random faults ({@code make chaos}): first schedules in the simulator, in a process of its own, then
 * the real service as processes under load, broken at random times. Everything hangs on one seed. {@link
 * io.tidemark.app.chaos.Chaos} is where it begins; nothing may call this package.
 */
package io.tidemark.app.chaos;
