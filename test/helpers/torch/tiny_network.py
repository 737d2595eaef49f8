"""The network of NAS-Bench-201 in PyTorch, with the names of modules that its authors' checkpoints have."""
import torch
from torch import nn

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")


def parse(text):
    """The cell as a list over nodes 1 to 3 of (operation, source node)."""
    nodes = []
    for part in text.split("+"):
        edges = [edge.split("~") for edge in part.strip("|").split("|")]
        assert all(name in OPERATIONS for name, _ in edges), text
        nodes.append([(name, int(source)) for name, source in edges])
    return nodes


class ConvolutionBlock(nn.Module):
    """ReLU, convolution, batch normalisation."""

    def __init__(self, before, after, size, stride):
        super().__init__()
        convolution = nn.Conv2d(before, after, size, stride=stride, padding=size // 2, bias=False)
        self.op = nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(after))

    def forward(self, x):
        return self.op(x)


class Zeros(nn.Module):
    """`none`: the input multiplied with zero."""

    def forward(self, x):
        return x * 0.0


class Pooling(nn.Module):
    def __init__(self):
        super().__init__()
        self.op = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)

    def forward(self, x):
        return self.op(x)


def make_operation(name, channels):
    if name == "none":
        return Zeros()
    if name == "skip_connect":
        return nn.Identity()
    if name == "avg_pool_3x3":
        return Pooling()
    return ConvolutionBlock(channels, channels, 3 if name == "nor_conv_3x3" else 1, 1)


class Cell(nn.Module):
    """All six edges are modules, `layers.0` to `layers.5`, whether or not they reach the output."""

    def __init__(self, nodes, channels):
        super().__init__()
        self.nodes = nodes
        self.layers = nn.ModuleList(make_operation(name, channels) for node in nodes for name, _ in node)

    def forward(self, x):
        values = [x]
        layers = iter(self.layers)
        for node in self.nodes:
            values.append(sum(next(layers)(values[source]) for _, source in node))
        return values[-1]


class Reduction(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.conv_a = ConvolutionBlock(before, after, 3, 2)
        self.conv_b = ConvolutionBlock(after, after, 3, 1)
        self.downsample = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(before, after, 1, bias=False))

    def forward(self, x):
        return self.conv_b(self.conv_a(x)) + self.downsample(x)


class TinyNetwork(nn.Module):
    def __init__(self, architecture, classes, channels=16, cells=5, image_channels=3):
        super().__init__()
        nodes = parse(architecture)
        self.stem = nn.Sequential(
            nn.Conv2d(image_channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )
        self.cells = nn.ModuleList()
        for stage in range(3):
            width = channels * 2**stage
            if stage > 0:
                self.cells.append(Reduction(width // 2, width))
            self.cells.extend(Cell(nodes, width) for _ in range(cells))
        self.lastact = nn.Sequential(nn.BatchNorm2d(4 * channels), nn.ReLU())
        self.classifier = nn.Linear(4 * channels, classes)

    def forward(self, x):
        x = self.stem(x)
        for cell in self.cells:
            x = cell(x)
        return self.classifier(self.lastact(x).mean((2, 3)))


def random_network(architecture, classes, seed, **shape):
    """A network in evaluation mode with random weights, and with running averages that come from random images."""
    torch.manual_seed(seed)
    network = TinyNetwork(architecture, classes, **shape)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.uniform_(0.5, 1.5)
            norm.bias.normal_(0, 0.3)
        network.train()
        for _ in range(20):
            network(torch.randn(16, network.stem[0].in_channels, 16, 16))
        for norm in norms:
            norm.running_mean += 0.1 * torch.randn_like(norm.running_mean)
            norm.running_var *= torch.empty_like(norm.running_var).uniform_(0.7, 1.4)
            norm.running_var += 0.05
    return network.eval()
