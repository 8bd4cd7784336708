/**
 * Long campaigns by random faults ({@code make chaos}): schedules in the simulator, in a process of its own, then the
 * real service and then a cluster of real processes, each under load and broken at random times. Everything hangs on one
 * seed. {@link io.tidemark.app.chaos.Chaos} is where it begins; nothing may call this package.
 */
package io.tidemark.app.chaos;
