// At most so many awards within any hour. Lane thread only.
#pragma once

#include <deque>

namespace badges {

class HourlyLimit {
public:
    explicit HourlyLimit(int most) : most_(most) {}

    // When the next award may be given, seconds since the epoch; `now` or earlier: at once.
    double next(double now) {
        while (!times_.empty() && times_.front() <= now - 3600) times_.pop_front();
        return static_cast<int>(times_.size()) < most_ ? now
                                                       : times_[times_.size() - static_cast<std::size_t>(most_)] + 3600;
    }
    // After a start: as many as were given in the hour before, all counted as given now.
    void start_with(long long given, double now) {
        if (times_.empty()) times_.assign(static_cast<std::size_t>(given), now);
    }
    void note(double now) { times_.push_back(now); }

private:
    int most_;
    std::deque<double> times_;  // of the awards of the last hour
};

}  // namespace badges
