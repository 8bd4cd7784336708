package io.tidemark.sim;

import java.util.List;
import java.util.random.RandomGenerator;

/** What may become of the messages that are on their way between tasks. */
final class MessageFaults {
    private MessageFaults() {}

    /** By kind: one that is lost, delayed, doubled, or given to a task of another topology as well. */
    static void disturb(Fault.Kind kind, World world, Topology live, List<Topology> others, RandomGenerator chance) {
        List<Message> messages = live.messages();
        List<Message> fitting = messages.stream()
                .filter(m -> kind != Fault.Kind.SUCCESS_LOST || m.kind() == Message.Kind.SUCCESS)
                .filter(m -> kind == Fault.Kind.SUCCESS_LOST || m.to().part() != Message.Part.MASTER)
                .toList();
        if (fitting.isEmpty()) {
            return;
        }
        Message message = fitting.get(chance.nextInt(fitting.size()));
        switch (kind) {
            case MESSAGE_DELAYED -> message.delay(world.now() + chance.nextInt(7_000));
            case MESSAGE_DOUBLED -> {
                Message again = message.again();
                again.delay(world.now() + chance.nextInt(500));
                messages.add(again);
            }
            case MESSAGES_OF_A_TASK_DOUBLED -> {
                List<Message> all = messages.stream()
                        .filter(m -> m.from().equals(message.from()) && m.to().equals(message.to()))
                        .map(Message::again)
                        .toList();
                messages.addAll(all);
            }
            case MESSAGE_TO_A_ZOMBIE -> {
                if (!others.isEmpty()) {
                    Topology other = others.get(chance.nextInt(others.size()));
                    (chance.nextBoolean() ? other.messages() : messages).add(message.again());
                    other.messages().stream()
                            .filter(m -> m.to().part() != Message.Part.MASTER)
                            .limit(3)
                            .forEach(m -> messages.add(m.again()));
                }
            }
            default -> messages.remove(message);
        }
    }

    /** A tuple goes and another one comes in its place, of the same attempt or of another with the same numbers. */
    static void mix(Topology live, RandomGenerator chance) {
        List<Message> tuples = live.messages().stream()
                .filter(m -> m.kind() == Message.Kind.TUPLE)
                .toList();
        if (tuples.isEmpty()) {
            return;
        }
        Message one = tuples.get(chance.nextInt(tuples.size()));
        if (chance.nextInt(3) > 0) {
            miscount(live, one, chance.nextBoolean());
            return;
        }
        List<Message> alike = tuples.stream()
                .filter(m -> m != one && m.to().part() == one.to().part())
                .toList();
        if (!alike.isEmpty()) {
            Message other = alike.get(chance.nextInt(alike.size()));
            live.messages().set(live.messages().indexOf(one), one.with(other.value()));
        }
    }

    /** A tuple comes twice or not at all, and the count beside it is that of another attempt, and agrees. */
    private static void miscount(Topology live, Message tuple, boolean twice) {
        List<Message> messages = live.messages();
        for (int i = 0; i < messages.size(); i++) {
            Message count = messages.get(i);
            if (count.kind() == Message.Kind.COUNT
                    && count.from().equals(tuple.from())
                    && count.to().equals(tuple.to())
                    && count.attempt().equals(tuple.attempt())) {
                messages.set(i, count.with((Integer) count.value() + (twice ? 1 : -1)));
                if (twice) {
                    messages.add(0, tuple.again());
                } else {
                    messages.remove(tuple);
                }
                return;
            }
        }
    }
}
