package org.plimsoll.inference;

import org.plimsoll.core.Problem;

/** The protocol's datatypes, with their size in bytes as raw tensors; BYTES elements have four bytes of length before them. */
enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    FP32(4),
    FP64(8),
    BYTES(0);

    private final int size;

    Datatype(int size) {
        this.size = size;
    }

    int size() {
        return size;
    }

    boolean isWhole() {
        return switch (this) {
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
            case BOOL, FP16, FP32, FP64, BYTES -> false;
        };
    }

    boolean isFloating() {
        return this == FP16 || this == FP32 || this == FP64;
    }

    static Datatype of(String input, String word) {
        try {
            return valueOf(word);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(
                    "datatype of input `" + input + "`",
                    word,
                    "BOOL, INT8 to INT64, UINT8 to UINT64, FP16, FP32, FP64 or BYTES");
        }
    }
}
