/* The chunks of a whole batch in one call: the interpreter's lock is given up once a batch, not once a chunk.
 *
 * What is done here is only what is plainly sound. A chunk with anything else about it is left to the Python code,
 * which knows every defect by name. The codecs are those of the libraries isal and deflate, found by chunk_batches.py.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { CHECKSUM_BYTES = 4, SMALL_CHUNK_BYTES = 512, SAMPLE_BYTES = 128 };
enum { RANDOM_VALUES_LEAST = 87, RANDOM_VALUES_MOST = 116 }; /* as in image/sampling.py */
enum { LEVEL = 1, ZLIB_WRAPPER = 3, LARGEST_WINDOW = 15, LEVEL_BUFFER_BYTES = 4096 + 2 * 8192 + 4 * 65536 };

/* struct isal_zstream of isa-l 2.x (igzip_lib.h) as far as callers fill it; what follows is the library's own. */
struct stream {
    const uint8_t *next_in;
    uint32_t avail_in, total_in;
    uint8_t *next_out;
    uint32_t avail_out, total_out;
    void *codes;
    uint32_t level, level_buffer_bytes;
    uint8_t *level_buffer;
    uint16_t is_last, flush, wrapper, window_bits;
    uint8_t own[256 * 1024];
};

struct codecs {
    void *(*new_inflater)(void);
    void (*free_inflater)(void *);
    int (*inflate)(void *, const void *, size_t, void *, size_t, size_t *, size_t *);
    uint32_t (*adler32)(uint32_t, const void *, size_t);
    void (*start_deflate)(struct stream *);
    int (*deflate)(struct stream *);
};

struct tally {
    uint64_t stored_bytes, zero_bytes, incompressible_bytes;
};

static _Thread_local struct {
    _Alignas(64) struct stream stream;
    _Alignas(64) uint8_t level_buffer[LEVEL_BUFFER_BYTES];
} deflater;

/* --- sets of codes (RFC 1951, 3.2.7) ------------------------------------------------------------------------- */

struct bits {
    const uint8_t *at, *end;
    uint64_t held;
    unsigned count;
};

static unsigned peek(struct bits *bits, unsigned wanted) {
    while (bits->count <= 56 && bits->at < bits->end) {
        bits->held |= (uint64_t)*bits->at++ << bits->count;
        bits->count += 8;
    }
    return (unsigned)(bits->held & ((1u << wanted) - 1));
}

/* Whether so many bits were there to be dropped. */
static int drop(struct bits *bits, unsigned count) {
    if (count > bits->count) return 0;
    bits->held >>= count;
    bits->count -= count;
    return 1;
}

static int is_whole(const uint8_t *lengths, unsigned count, unsigned longest) {
    uint32_t used = 0;
    for (unsigned i = 0; i < count; i++)
        if (lengths[i]) used += (1u << longest) >> lengths[i];
    return used == 1u << longest;
}

/* For each 7 bits of input the symbol of the code they begin with, and that code's length; the set must be whole. */
static void tabulate(const uint8_t lengths[19], uint8_t symbol_of[128], uint8_t length_of[128]) {
    unsigned code = 0;
    for (unsigned length = 1; length <= 7; length++, code <<= 1)
        for (unsigned symbol = 0; symbol < 19; symbol++) {
            if (lengths[symbol] != length) continue;
            unsigned mirrored = 0;
            for (unsigned bit = 0; bit < length; bit++) mirrored |= (code >> bit & 1) << (length - 1 - bit);
            for (unsigned at = mirrored; at < 128; at += 1u << length) {
                symbol_of[at] = (uint8_t)symbol;
                length_of[at] = (uint8_t)length;
            }
            code++;
        }
}

static int read_lengths(struct bits *bits, const uint8_t *symbol_of, const uint8_t *length_of, uint8_t *lengths,
                        unsigned wanted) {
    static const uint8_t extra[3] = {2, 3, 7}, least[3] = {3, 3, 11};
    for (unsigned filled = 0; filled < wanted;) {
        unsigned at = peek(bits, 7), symbol = symbol_of[at];
        if (!drop(bits, length_of[at])) return 0;
        if (symbol < 16) {
            lengths[filled++] = (uint8_t)symbol;
            continue;
        }
        unsigned more = extra[symbol - 16], times = least[symbol - 16] + peek(bits, more);
        if (!drop(bits, more) || times > wanted - filled || (symbol == 16 && !filled)) return 0;
        memset(lengths + filled, symbol == 16 ? lengths[filled - 1] : 0, times);
        filled += times;
    }
    return 1;
}

/* Whether a zlib stream begins with a block that is its last, has codes of its own, and leaves no code unused. */
static int has_whole_codes(const uint8_t *stored, size_t size) {
    static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t few[19] = {0}, symbol_of[128], length_of[128], lengths[286 + 30];
    if (size < 8 || (stored[2] & 7) != 5) return 0;
    struct bits bits = {stored + 2, stored + size, 0, 0};
    unsigned head = peek(&bits, 17) >> 3;
    unsigned literals = (head & 31) + 257, distances = (head >> 5 & 31) + 1, few_count = (head >> 10) + 4;
    if (!drop(&bits, 17) || literals > 286 || distances > 30) return 0;
    for (unsigned i = 0; i < few_count; i++) {
        few[order[i]] = (uint8_t)peek(&bits, 3);
        if (!drop(&bits, 3)) return 0;
    }
    if (!is_whole(few, 19, 7)) return 0;
    tabulate(few, symbol_of, length_of);
    return read_lengths(&bits, symbol_of, length_of, lengths, literals + distances) && lengths[256] &&
           is_whole(lengths, literals, 15) && is_whole(lengths + literals, distances, 15);
}

/* --- decoding ------------------------------------------------------------------------------------------------- */

static int inflate_chunk(const struct codecs *codecs, void *inflater, const uint8_t *stored, size_t size,
                         uint8_t *media, size_t wanted) {
    size_t taken = 0, made = 0;
    return has_whole_codes(stored, size) &&
           !codecs->inflate(inflater, stored, size, media, wanted, &taken, &made) && taken == size && made == wanted;
}

static int copy_chunk(const struct codecs *codecs, const uint8_t *stored, size_t size, uint8_t *media, size_t wanted) {
    if (size != wanted + CHECKSUM_BYTES) return 0;
    const uint8_t *told = stored + wanted;
    uint32_t sum = told[0] | (uint32_t)told[1] << 8 | (uint32_t)told[2] << 16 | (uint32_t)told[3] << 24;
    if (codecs->adler32(1, stored, wanted) != sum) return 0;
    memcpy(media, stored, wanted);
    return 1;
}

/* Decodes `count` chunks, chunk i being stored[starts[i]..ends[i]), side by side into media; the last one holds
 * last_bytes. Marks in `sound` those that are whole beyond doubt; the others' media is undefined. How many are not. */
uint32_t decode_chunks(const struct codecs *codecs, const uint8_t *stored, uint64_t stored_bytes,
                       const uint64_t *starts, const uint64_t *ends, const uint8_t *compressed, uint32_t count,
                       uint64_t chunk_bytes, uint64_t last_bytes, uint8_t *media, uint8_t *sound) {
    void *inflater = codecs->new_inflater();
    uint32_t left = count, small = UINT32_MAX;
    memset(sound, 0, count);
    for (uint32_t i = 0; inflater && i < count; i++) {
        size_t wanted = i + 1 == count ? last_bytes : chunk_bytes;
        if (starts[i] > ends[i] || ends[i] > stored_bytes) continue;
        const uint8_t *chunk = stored + starts[i];
        size_t size = ends[i] - starts[i];
        uint8_t *to = media + i * chunk_bytes;
        if (!compressed[i]) {
            sound[i] = (uint8_t)copy_chunk(codecs, chunk, size, to, wanted);
        } else if (small != UINT32_MAX && wanted == chunk_bytes && size == ends[small] - starts[small] &&
                   !memcmp(chunk, stored + starts[small], size)) {
            memcpy(to, media + small * chunk_bytes, wanted);
            sound[i] = 1;
        } else {
            sound[i] = (uint8_t)inflate_chunk(codecs, inflater, chunk, size, to, wanted);
            if (sound[i] && size <= SMALL_CHUNK_BYTES && wanted == chunk_bytes) small = i;
        }
        left -= sound[i];
    }
    if (inflater) codecs->free_inflater(inflater);
    return left;
}

/* --- encoding ------------------------------------------------------------------------------------------------- */

static int is_zero(const uint8_t *chunk, size_t size) { return !chunk[0] && !memcmp(chunk, chunk + 1, size - 1); }

static int looks_random(const uint8_t *sample, size_t size) {
    uint8_t seen[256] = {0};
    unsigned values = 0;
    for (size_t i = 0; i < size && i < SAMPLE_BYTES; i++) {
        values += !seen[sample[i]];
        seen[sample[i]] = 1;
    }
    return values >= RANDOM_VALUES_LEAST && values <= RANDOM_VALUES_MOST;
}

static int looks_incompressible(const uint8_t *chunk, size_t size) {
    return looks_random(chunk, size) && looks_random(chunk + size / 2, size - size / 2);
}

/* The bytes of the deflated chunk, or 0 where it does not shrink. */
static uint32_t deflate_chunk(const struct codecs *codecs, const uint8_t *chunk, uint32_t size, uint8_t *out) {
    struct stream *stream = &deflater.stream;
    codecs->start_deflate(stream);
    stream->level = LEVEL;
    stream->level_buffer = deflater.level_buffer;
    stream->level_buffer_bytes = LEVEL_BUFFER_BYTES;
    stream->next_in = chunk;
    stream->avail_in = size;
    stream->next_out = out;
    stream->avail_out = size - 1;
    stream->is_last = 1;
    stream->flush = 0;
    stream->wrapper = ZLIB_WRAPPER;
    stream->window_bits = LARGEST_WINDOW;
    return codecs->deflate(stream) || stream->avail_in ? 0 : size - 1 - stream->avail_out;
}

static uint32_t store_chunk(const struct codecs *codecs, const uint8_t *chunk, uint32_t size, uint8_t *out) {
    uint32_t sum = codecs->adler32(1, chunk, size);
    memcpy(out, chunk, size);
    for (unsigned i = 0; i < CHECKSUM_BYTES; i++) out[size + i] = (uint8_t)(sum >> 8 * i);
    return size + CHECKSUM_BYTES;
}

/* Encodes media in chunks of chunk_bytes, the last one maybe shorter, one behind the other into `out`, which has room
 * for all of them raw. A whole chunk of zeros is stored as `zeros`; zeros_bytes 0 means that nothing is compressed. */
void encode_chunks(const struct codecs *codecs, const uint8_t *media, uint64_t media_bytes, uint32_t chunk_bytes,
                   const uint8_t *zeros, uint32_t zeros_bytes, uint8_t *out, uint32_t *sizes, uint8_t *deflated,
                   struct tally *tally) {
    int is_dense = 1;
    for (uint64_t at = 0; at < media_bytes; at += chunk_bytes, sizes++, deflated++) {
        const uint8_t *chunk = media + at;
        uint32_t size = media_bytes - at < chunk_bytes ? (uint32_t)(media_bytes - at) : chunk_bytes, packed = 0;
        if (is_zero(chunk, size)) {
            tally->zero_bytes += size;
            if (zeros_bytes && size == chunk_bytes) memcpy(out, zeros, packed = zeros_bytes);
            else if (zeros_bytes) packed = deflate_chunk(codecs, chunk, size, out);
        } else {
            int looks_dense = (is_dense || !zeros_bytes) && looks_incompressible(chunk, size);
            if (zeros_bytes && !looks_dense) packed = deflate_chunk(codecs, chunk, size, out);
            is_dense = zeros_bytes ? !packed : looks_dense;
            if (is_dense) tally->incompressible_bytes += size;
        }
        *deflated = packed != 0;
        *sizes = packed ? packed : store_chunk(codecs, chunk, size, out);
        out += *sizes;
        tally->stored_bytes += *sizes;
    }
}
