package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void ids_madeInTurn_sortInTurn() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(Ids.next());
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates().allMatch(Ids::isId).allMatch(id -> id.charAt(12) == '7');
    }

    @Test
    void ids_madeByManyThreads_differ() throws InterruptedException {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = 0; i < 5_000; i++) {
                    ids.add(Ids.next());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ids).hasSize(40_000);
    }
}
