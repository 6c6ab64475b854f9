"""Pages composed of several domains: home, the workspace's frame, the public site. Reads only."""
