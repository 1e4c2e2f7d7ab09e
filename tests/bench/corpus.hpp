// Made-up message bodies for benchmarks and demonstrations: 40 topics of a Linux distribution's bus, about 0.3 to 6 kB
// each, in the form a publisher sends (canonical JSON). The same arguments always give the same samples. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fedmsg::bench {

struct Sample {
    std::string topic;  // as in the body
    std::string body;
};

std::vector<Sample> corpus(std::size_t count, unsigned seed);

}  // namespace fedmsg::bench
